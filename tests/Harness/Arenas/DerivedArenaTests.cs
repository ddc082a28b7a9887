using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Arenas;

public sealed class DerivedArenaTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task The_anchor_is_on_L1()
    {
        ClassicArena arena = await fixture.FreshAsync();
        DerivedL2 l2 = (DerivedL2)arena.L2;
        SyncStatus status = await (await l2.VerifierAsync()).Rollup.GetSyncStatusAsync();
        Assert.Equal(arena.AnchorBlock, status.Safe.Number);
        Assert.Equal(arena.AnchorOutput.BlockHash, status.Safe.Hash);
        Assert.Equal(
            arena.AnchorOutput, await OutputRoot.ReadAsync(l2.Node, arena.AnchorBlock));
    }

    [L2NodeFact]
    public async Task A_deposit_arrives_and_a_transaction_gets_a_block_at_once()
    {
        ClassicArena arena = await fixture.FreshAsync();
        TransactionSender depositor = arena.OnL1(arena.Accounts.Helper);
        Address target = Address.Parse("0x00000000000000000000000000000000000d0d0d");
        _ = await depositor.SendAsync(arena.Contracts.Portal.Request(
            depositor.Address,
            new OptimismPortal2.DepositTransactionFunction { To = target, Value = 7, GasLimit = 100_000 },
            7));
        await ((DerivedL2)arena.L2).CatchUpAsync();
        Assert.Equal(7, await arena.L2.Node.GetBalanceAsync(target));
        TransactionReceipt receipt = await arena.OnL2(arena.Accounts.User).SendAsync(new CallRequest
        {
            From = arena.Accounts.User.Address,
            To = target,
            Value = 5,
        });
        Assert.True(receipt.Succeeded);
        Assert.Equal(12, await arena.L2.Node.GetBalanceAsync(target));
    }

    [L2NodeFact]
    public async Task What_is_posted_is_derived_and_going_back_forgets_it()
    {
        ClassicArena arena = await fixture.FreshAsync();
        DerivedL2 l2 = (DerivedL2)arena.L2;
        await l2.MineAsync(9);
        await l2.PostAsync(arena.Accounts.Batcher, 5);
        L2Node verifier = await l2.VerifierAsync();
        Assert.Equal(5ul, (await verifier.Rollup.GetSyncStatusAsync()).Safe.Number);
        Block fifth = await verifier.Node.GetBlockAsync(5ul);
        Assert.Equal((await l2.Node.GetBlockAsync(5ul)).Hash, fifth.Hash);
        await l2.ProposeAsync(arena.Accounts.Proposer, arena.Contracts.Factory.Address, GameTypes.Fault);
        Assert.Equal(1, (await arena.Contracts.Factory.ReadAsync(
            new DisputeGameFactory.GameCountFunction())).GameCount);
        _ = await fixture.FreshAsync();
        Assert.Equal(1ul, await l2.Node.GetBlockNumberAsync());
        Assert.Equal(1ul, (await l2.Rollup.GetSyncStatusAsync()).Safe.Number);
        verifier = await l2.VerifierAsync();
        Assert.Equal(1ul, (await verifier.Rollup.GetSyncStatusAsync()).Safe.Number);
    }

    /// <summary>The program's own configurations are compared with the same files by the Go tests.</summary>
    [L2NodeFact]
    public async Task The_configuration_is_the_one_that_the_program_knows()
    {
        foreach (ArenaOptions options in new[] { ArenaChains.Usual, ArenaChains.Slow })
        {
            await using ClassicArena arena = await ClassicArena.StartAsync(Repository.Packages, options);
            string known = Path.Combine(
                Repository.Folder, "harness", "guest", "config", "arenas", $"{options.L2ChainId}.json");
            string made = await File.ReadAllTextAsync(((DerivedL2)arena.L2).RollupPath);
            Assert.Equal(await File.ReadAllTextAsync(known), made);
        }
    }
}
