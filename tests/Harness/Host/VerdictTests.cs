using Culverin.Harness.Arenas;
using Culverin.Harness.Host;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rollup;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>What the fault-proof program says of claims about real chains.</summary>
public sealed class VerdictTests(DisputedChain chain, ITestOutputHelper output)
    : IClassFixture<DisputedChain>
{
    [L2NodeTheory]
    [InlineData(DisputedChain.Agreed, DisputedChain.Agreed + 1)]
    [InlineData(DisputedChain.Agreed, DisputedChain.Posted)]
    [InlineData(DisputedChain.Posted - 1, DisputedChain.Posted)]
    [InlineData(1, 2)]
    public async Task A_right_claim_is_right_and_any_other_root_is_wrong(ulong agreed, ulong block)
    {
        DisputedClaim right = await chain.ClaimAsync(block, agreed: agreed);
        GuestEnd end = chain.Decide(right);
        output.WriteLine($"{agreed} to {block}: {end.Steps:N0} steps");
        Assert.Equal(Guest.Right, end.ExitCode);
        byte[] root = right.ClaimedOutputRoot.ToArray();
        root[Random.Shared.Next(root.Length)] ^= 1;
        Assert.Equal(Guest.Wrong, chain.Decide(right with { ClaimedOutputRoot = new(root) }).ExitCode);
    }

    [L2NodeFact]
    public async Task A_right_root_of_another_block_is_wrong()
    {
        DisputedClaim claim = await chain.ClaimAsync(7);
        Assert.Equal(Guest.Wrong, chain.Decide(claim with { ClaimedBlockNumber = 6 }).ExitCode);
        Assert.Equal(Guest.Wrong, chain.Decide(claim with { ClaimedBlockNumber = 8 }).ExitCode);
    }

    [L2NodeFact]
    public async Task A_root_with_a_stolen_withdrawal_is_wrong()
    {
        // The thief's root is that of a state in which his withdrawal exists, and all else is right.
        OutputRoot real = await OutputRoot.ReadAsync(chain.World.Verifier.Node, 6ul);
        OutputRoot forged = real with { MessagePasserStorageRoot = Bytes32.Keccak256([1]) };
        Assert.Equal(Guest.Wrong, chain.Decide(await chain.ClaimAsync(6, forged.Hash)).ExitCode);
    }

    [L2NodeFact]
    public async Task Blocks_whose_data_are_not_on_L1_cannot_be_claimed()
    {
        ulong block = DisputedChain.Posted + 1;
        Assert.Equal(Guest.Wrong, chain.Decide(await chain.ClaimAsync(block)).ExitCode);

        // What an honest player claims there: the last root that L1 has data for.
        Bytes32 last = await chain.World.OutputAsync(DisputedChain.Posted);
        Assert.Equal(Guest.Right, chain.Decide(await chain.ClaimAsync(block, last)).ExitCode);
        Assert.Equal(
            Guest.Right, chain.Decide(await chain.ClaimAsync(10_000_000, last)).ExitCode);
    }

    [L2NodeFact]
    public async Task Data_that_came_after_the_L1_head_do_not_count()
    {
        // The second batch's block is the last that any batch is in.
        Bytes32 earlier = chain.L1Head.Hash;
        Block block = chain.L1Head;
        while (true)
        {
            DisputedClaim claim = await chain.ClaimAsync(DisputedChain.Posted, l1Head: earlier);
            if (chain.Decide(claim).ExitCode == Guest.Wrong)
            {
                break;
            }

            block = await chain.World.L1Node.GetBlockAsync(BlockReference.Hash(block.Header.ParentHash));
            earlier = block.Hash;
        }

        Assert.True(block.Number > 0);
        DisputedClaim before = await chain.ClaimAsync(DisputedChain.PostedFirst, l1Head: earlier);
        Assert.Equal(Guest.Right, chain.Decide(before).ExitCode);
    }

    [L2NodeFact]
    public async Task The_agreed_block_itself_and_those_before()
    {
        Assert.Equal(Guest.Right, chain.Decide(await chain.ClaimAsync(5, agreed: 5)).ExitCode);
        Assert.Equal(
            Guest.Wrong,
            chain.Decide(await chain.ClaimAsync(5, await chain.World.OutputAsync(6), 5)).ExitCode);
        Assert.Equal(Guest.Wrong, chain.Decide(await chain.ClaimAsync(4, agreed: 5)).ExitCode);
    }

    [L2NodeFact]
    public async Task A_chain_that_the_program_does_not_know_gets_no_verdict()
    {
        DisputedClaim claim = await chain.ClaimAsync(5);
        Assert.Equal(Guest.Undecided, chain.Decide(claim with { ChainId = 902 }).ExitCode);
    }

    [L2NodeFact]
    public async Task Only_the_batcher_posts_batches()
    {
        await using DerivedWorld world = await DerivedWorld.StartAsync();
        _ = await world.ProduceUntilAsync(4);
        ArenaSnapshot before = await world.Arena.SnapshotAsync();
        await world.PostAsync();
        byte[] batch = await LastBatchAsync(world);
        await world.Arena.RevertAsync(before);
        ArenaAccount thief = world.Arena.Accounts.Thief;
        TransactionReceipt receipt = await world.Arena.OnL1(thief).SendAsync(new CallRequest
        {
            From = thief.Address,
            To = world.Arena.BatchInbox,
            Data = batch,
        });
        DisputedClaim claim = new()
        {
            L1Head = receipt.BlockHash,
            AgreedBlockHash = (await world.L2BlockAsync(2)).Hash,
            AgreedOutputRoot = await world.OutputAsync(2),
            ClaimedOutputRoot = await world.OutputAsync(4),
            ClaimedBlockNumber = 4,
            ChainId = world.Arena.Options.L2ChainId,
        };
        Assert.Equal(Guest.Wrong, Decide(world, claim));
        await world.PostAsync();
        Assert.Equal(Guest.Wrong, Decide(world, claim));
        Assert.Equal(Guest.Right, Decide(world, claim with { L1Head = (await world.L1HeadAsync()).Hash }));
    }

    // What the only transaction of the newest L1 block carries.
    private static async Task<byte[]> LastBatchAsync(DerivedWorld world)
    {
        Block head = await world.L1HeadAsync();
        byte[] encoded = (await RawTransactions.ReadAsync(world.L1Node, head.Header)).Single();
        return ((SignedTransaction)Transaction.Decode(encoded)).Data.ToArray();
    }

    private static byte Decide(DerivedWorld world, DisputedClaim claim)
    {
        using TemporaryFolder folder = new();
        PreimageStore store = new(folder.Path);
        using HostOracle oracle =
            new(claim, store, new PreimageFetcher(world.L1Node, world.Sequencer, claim, store));
        return Guest.Run(oracle).ExitCode;
    }
}
