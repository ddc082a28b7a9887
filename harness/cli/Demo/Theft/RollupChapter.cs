using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>The L2 makes 300 blocks, of which every hundredth is proposed, and a user withdraws.</summary>
internal sealed class RollupChapter(TheftWorld world, StoryRecorder story, CancellationToken cancellation)
{
    private const ulong Interval = 100;
    private const ulong LastBlock = 300;
    private const ulong WithdrawalBlock = 250;
    private const int FinalityBlocks = 2;

    private readonly List<TheftProposal> _proposals = [];

    /// <summary>What the user withdraws.</summary>
    public static BigInteger AmountWei { get; } = ArenaOptions.Ether * 5 / 2;

    /// <summary>What everybody's deposits are, and the thief wants.</summary>
    public static BigInteger DepositsWei { get; } = 1_000 * ArenaOptions.Ether;

    /// <summary>The honest proposals until now.</summary>
    public IReadOnlyList<TheftProposal> Proposals => _proposals;

    /// <summary>The user's withdrawal; null until it was asked for.</summary>
    public InitiatedWithdrawal? Withdrawal { get; private set; }

    /// <summary>The thief's state, forged after the last block; null until then.</summary>
    public ForgedState? Forged { get; private set; }

    /// <summary>Tells the chapter.</summary>
    public async Task TellAsync()
    {
        story.Chapter = "An L2 lives, and its blocks are proposed";
        await DepositAsync().ConfigureAwait(false);
        await ProduceAsync(Interval).ConfigureAwait(false);
        await ProposeAsync("proposal 1").ConfigureAwait(false);
        await ProduceAsync(2 * Interval).ConfigureAwait(false);
        await ProposeAsync("proposal 2").ConfigureAwait(false);
        story.Chapter = "A user withdraws";
        await world.ProduceUntilAsync(WithdrawalBlock - 1, cancellation).ConfigureAwait(false);
        await WithdrawAsync().ConfigureAwait(false);
        await ProduceAsync(LastBlock).ConfigureAwait(false);
        await ProposeAsync("proposal 3").ConfigureAwait(false);

        // The thief prepares in silence what is told later.
        Forged = await ForgedState
            .MakeAsync(world.L2, world.Arena.Accounts.Thief.Address, DepositsWei, cancellation)
            .ConfigureAwait(false);
        await world.Arena.L1.MineAsync(1, cancellation).ConfigureAwait(false);
        await ProveAsync().ConfigureAwait(false);
    }

    private async Task DepositAsync()
    {
        TransactionSender depositor = world.Arena.OnL1(world.Arena.Accounts.Helper);
        TransactionReceipt receipt = await depositor
            .SendAsync(
                world.Withdrawals.Portal.Request(
                    depositor.Address,
                    new OptimismPortal2.DepositTransactionFunction
                    {
                        To = depositor.Address,
                        Value = DepositsWei,
                        GasLimit = 100_000,
                    },
                    DepositsWei),
                cancellation)
            .ConfigureAwait(false);
        await story.AddAsync(
            StoryChain.L1, "depositor", "deposits ether for L2; the portal holds it", receipt, DepositsWei)
            .ConfigureAwait(false);
        BigInteger before = await DepositorOnL2Async().ConfigureAwait(false);
        await world.Rig.CatchUpAsync(cancellation).ConfigureAwait(false);
        story.ExpectWei(
            "the deposit arrives on L2",
            DepositsWei,
            await DepositorOnL2Async().ConfigureAwait(false) - before);
    }

    private Task<BigInteger> DepositorOnL2Async() =>
        world.L2.GetBalanceAsync(world.Arena.Accounts.Helper.Address, cancellation: cancellation);

    private async Task ProduceAsync(ulong last)
    {
        await world.ProduceUntilAsync(last, cancellation).ConfigureAwait(false);
        await story.AddAsync(
            StoryChain.L2, "", $"L2 has come to block {last}, one every "
                + $"{world.Arena.Options.L2BlockSeconds} s").ConfigureAwait(false);
        await world.Rig
            .PostAsync(world.Arena.Accounts.Batcher, cancellation: cancellation)
            .ConfigureAwait(false);
        await story.AddAsync(
            StoryChain.L1,
            "batcher",
            $"posts the transactions of the L2 blocks up to {last} to L1, as a span batch")
            .ConfigureAwait(false);
        await world.Arena.L1.MineAsync(FinalityBlocks, cancellation).ConfigureAwait(false);
    }

    private async Task ProposeAsync(string name)
    {
        ulong number = await world.L2.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        await world.Rig
            .ProposeAsync(
                world.Arena.Accounts.Proposer,
                world.Arena.Contracts.Factory.Address,
                GameTypes.Fault,
                cancellation)
            .ConfigureAwait(false);
        Block block = await world.L1
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        TransactionReceipt receipt = (await world.L1
            .FindReceiptAsync(block.TransactionHashes[0], cancellation)
            .ConfigureAwait(false))!;
        OutputRoot output =
            await OutputRoot.ReadAsync(world.L2, number, cancellation).ConfigureAwait(false);
        _proposals.Add(new TheftProposal(
            name,
            world.GameIn(receipt),
            (ulong)_proposals.Count,
            number,
            receipt,
            block.Timestamp,
            world.Arena.Options.InitialBond));
        await story.AddAsync(
            StoryChain.L1,
            "proposer",
            $"makes {name}: after block {number} the output root is {Wording.Abridge(output.Hash)}",
            receipt,
            world.Arena.Options.InitialBond).ConfigureAwait(false);
    }

    // A block is made for the transaction at once.
    private async Task WithdrawAsync()
    {
        ArenaAccount user = world.Arena.Accounts.User;
        WithdrawalInitiator initiator = new(world.Withdrawals, world.Arena.OnL2(user));
        Withdrawal = await initiator
            .WithdrawEtherAsync(user.Address, AmountWei, cancellation: cancellation)
            .ConfigureAwait(false);
        TransactionReceipt receipt = (await world.L2
            .FindReceiptAsync(Withdrawal.TransactionHash, cancellation)
            .ConfigureAwait(false))!;
        await story.AddAsync(
            StoryChain.L2, "user", "asks for the withdrawal of ether to L1", receipt, AmountWei)
            .ConfigureAwait(false);
        story.Expect(
            $"the withdrawal is in L2 block {WithdrawalBlock}",
            Withdrawal.BlockNumber == WithdrawalBlock,
            $"{Withdrawal.BlockNumber}");
    }

    private async Task ProveAsync()
    {
        WithdrawalClient client = new(world.Withdrawals, world.Arena.OnL1(world.Arena.Accounts.User));
        await story.RefuseAsync(
            "user",
            "tries to prove it on proposal 1, with all that L2 can show at block 100",
            () => ProveOnAsync(_proposals[0], _proposals[0].BlockNumber),
            "MerkleTrie").ConfigureAwait(false);
        await story.RefuseAsync(
            "user",
            "tries to prove it on proposal 2, with the proof of block 300",
            () => ProveOnAsync(_proposals[1], LastBlock),
            "OptimismPortal: invalid output root proof").ConfigureAwait(false);
        WithdrawalStatus status = await client.Reader
            .ReadAsync(Withdrawal!, cancellation: cancellation)
            .ConfigureAwait(false);
        story.Expect(
            "our client finds proposal 3 as the first that covers the withdrawal",
            status.Stage == WithdrawalStage.ReadyToProve && status.Game == _proposals[2].Game.Address,
            status.Explanation);
        TransactionReceipt receipt =
            await client.ProveAsync(Withdrawal!, cancellation).ConfigureAwait(false);
        await story.AddAsync(
            StoryChain.L1, "user", "proves the withdrawal on proposal 3; the portal accepts", receipt)
            .ConfigureAwait(false);
    }

    private async Task ProveOnAsync(TheftProposal proposal, ulong provenBlock)
    {
        TransactionSender user = world.Arena.OnL1(world.Arena.Accounts.User);
        Contract portal = world.Withdrawals.Portal;
        OutputRoot output = await OutputRoot
            .ReadAsync(world.L2, provenBlock, cancellation)
            .ConfigureAwait(false);
        AccountProof proof = await world.L2
            .GetProofAsync(
                OutputRoot.MessagePasser, [Withdrawal!.Withdrawal.Slot], provenBlock, cancellation)
            .ConfigureAwait(false);
        OptimismPortal2.ProveWithdrawalTransactionFunction call =
            new WithdrawalProof(output, proof.Storage[0].Nodes).Call(Withdrawal.Withdrawal, proposal.Index);
        _ = await user
            .SendAsync(portal.Request(user.Address, call), cancellation)
            .ConfigureAwait(false);
    }
}
