using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// Whatever others propose as a large pre-image is checked, and what is wrong challenged at the real oracle.
/// </summary>
public sealed class OracleWatchTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    private const int DataBytes = 30_000;
    private const int WrongBlock = 150;
    private const int PartBlocks = 100;

    [Theory]
    [InlineData("one part")]
    [InlineData("parts in one block")]
    [InlineData("strange arguments")]
    public async Task A_wrong_block_is_challenged_however_it_came(string way)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        OracleWatch watch = WatchOf(world);
        await AssertQuietAsync(world, watch);
        await ProposeAsync(world, way, WrongBlock);
        PlayerAction action = Assert.Single((await RoundAsync(world, watch)).Actions);
        Assert.Equal(PlayerActionKind.ChallengePreimage, action.Intent.Kind);
        Assert.True(action.Receipt.Succeeded);
        Assert.True(await IsCounteredAsync(world));
        await AssertQuietAsync(world, watch);
        await AssertQuietAsync(world, WatchOf(world));
    }

    [Fact]
    public async Task A_right_one_is_left_alone_and_a_further_part_is_looked_at()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        OracleWatch watch = WatchOf(world);
        (byte[] data, Bytes32[] commitments) = Forge(WrongBlock);
        await BeginAsync(world);
        await AddAsync(world, data, commitments, 0, PartBlocks);
        await AssertQuietAsync(world, watch);
        await AddAsync(world, data, commitments, PartBlocks, commitments.Length);
        Assert.Single((await RoundAsync(world, watch)).Actions);
    }

    [Fact]
    public async Task One_that_was_taken_is_challenged_so_that_it_is_not_taken_again()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await ProposeAsync(world, "one part", WrongBlock);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.LargePreimageChallengeSeconds + 1);
        await TakeAsync(world);
        Assert.Single((await RoundAsync(world, WatchOf(world))).Actions);
        RevertedException refusal = await Assert.ThrowsAsync<RevertedException>(() => TakeAsync(world));
        Assert.Equal("BadProposal", refusal.Reason.Name);
    }

    [Fact]
    public async Task A_node_that_hides_or_changes_blocks_is_told_and_nothing_sent()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await ProposeAsync(world, "parts in one block", WrongBlock);
        foreach (string fault in new[] { "lose log", "change log" })
        {
            using FaultyNode node = new(world.Arena.L1.Endpoint, fault, int.MaxValue);
            OracleWatch watch = WatchOf(world, node.Node);
            OracleRecord record = await RoundAsync(world, watch);
            Assert.Empty(record.Actions);
            Assert.Contains("is not known", Assert.Single(record.Warnings), StringComparison.Ordinal);
            Assert.True(node.FaultCount > 0);
        }

        Assert.False(await IsCounteredAsync(world));
    }

    [Fact]
    public async Task What_another_has_challenged_is_not_challenged_again_from_an_older_block()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await ProposeAsync(world, "one part", WrongBlock);
        Block old = await world.HeadAsync();
        Assert.Single((await WatchOf(world).PlayAsync(old, default)).Actions);
        OracleRecord late = await WatchOf(world).PlayAsync(old, default);
        Assert.True(late.Failure is null, late.Failure);
        Assert.Empty(late.Actions);
        Assert.Equal(1ul, await world.CountAsync(world.Challenger));
    }

    [Fact]
    public async Task A_dry_run_tells_the_challenge_and_sends_nothing()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        await ProposeAsync(world, "one part", 0);
        OracleWatch watch = WatchOf(world, options: new PlayerOptions { IsDryRun = true });
        PlayerIntent intent = Assert.Single((await RoundAsync(world, watch)).Intents);
        Assert.True(intent.Gas > 0);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
    }

    [Fact]
    public async Task The_bond_of_an_own_proposal_that_no_step_needed_comes_back()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        ArenaAccount own = world.Challenger;
        LargePreimage right = new(new byte[DataBytes]);
        await BeginAsync(world, own);
        await AddAsync(world, right.Data.ToArray(), [.. right.Commitments], 0, right.BlockCount, own);
        OracleWatch watch = WatchOf(world);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.LargePreimageChallengeSeconds + 3_590);
        await AssertQuietAsync(world, watch);
        await world.Arena.L1.AdvanceAsync(20);
        BigInteger before = await world.Arena.L1.Node.GetBalanceAsync(own.Address);
        PlayerAction action = Assert.Single((await RoundAsync(world, watch)).Actions);
        Assert.Equal(PlayerActionKind.TakePreimage, action.Intent.Kind);
        Assert.True(await world.Arena.L1.Node.GetBalanceAsync(own.Address) > before);
        await AssertQuietAsync(world, watch);
    }

    private static OracleWatch WatchOf(
        PlayerWorld world, EthereumNode? node = null, PlayerOptions? options = null) => new(
            world.Arena.Contracts.Oracle with { Node = node ?? world.Arena.L1.Node },
            world.Arena.OnL1(world.Challenger),
            options ?? new PlayerOptions());

    private static async Task<OracleRecord> RoundAsync(PlayerWorld world, OracleWatch watch)
    {
        OracleRecord record = await watch.PlayAsync(await world.HeadAsync(), default);
        Assert.True(record.Failure is null, record.Failure);
        return record;
    }

    private static async Task AssertQuietAsync(PlayerWorld world, OracleWatch watch)
    {
        OracleRecord record = await RoundAsync(world, watch);
        Assert.Empty(record.Actions);
        Assert.Empty(record.Waits);
        Assert.Empty(record.Warnings);
    }

    // Right commitments of data of which a block is another one now.
    private static (byte[] Data, Bytes32[] Commitments) Forge(int wrongBlock)
    {
        byte[] data = new byte[DataBytes];
        new Random(wrongBlock).NextBytes(data);
        Bytes32[] commitments = [.. new LargePreimage(data.ToArray()).Commitments];
        data[wrongBlock * KeccakSponge.BlockBytes] ^= 1;
        return (data, commitments);
    }

    private static async Task ProposeAsync(PlayerWorld world, string way, int wrongBlock)
    {
        (byte[] data, Bytes32[] commitments) = Forge(wrongBlock);
        await BeginAsync(world);
        switch (way)
        {
            case "parts in one block":
                Anvil l1 = world.Arena.L1;
                Address thief = world.Arena.Accounts.Thief.Address;
                await l1.ImpersonateAsync(thief);
                IReadOnlyList<TransactionReceipt> receipts = await l1.SendInOneBlockAsync(
                [
                    Part(world, thief, data, commitments, 0, PartBlocks) with { GasLimit = 10_000_000 },
                    Part(world, thief, data, commitments, PartBlocks, commitments.Length) with
                    {
                        GasLimit = 10_000_000,
                    },
                ]);
                Assert.All(receipts, receipt => Assert.True(receipt.Succeeded));
                break;
            case "strange arguments":
                CallRequest usual = Part(
                    world, world.Arena.Accounts.Thief.Address, data, commitments, 0, commitments.Length);
                _ = await world.Arena
                    .OnL1(world.Arena.Accounts.Thief)
                    .SendAsync(usual with { Data = Rearrange(usual.Data.ToArray(), data, commitments) });
                break;
            default:
                await AddAsync(world, data, commitments, 0, commitments.Length);
                break;
        }
    }

    // The lists in the other order with junk between and behind them, and no padding: the contract takes it.
    private static byte[] Rearrange(byte[] usual, byte[] data, Bytes32[] commitments)
    {
        byte[] junk = [0xde, 0xad, 0xbe];
        int head = 5 * Bytes32.SizeBytes;
        int words = head + junk.Length;
        int input = words + ((1 + commitments.Length) * Bytes32.SizeBytes) + junk.Length;
        byte[] result =
        [
            .. usual[..(4 + head)],
            .. junk,
            .. Bytes32.FromInteger(commitments.Length).ToArray(),
            .. commitments.SelectMany(each => each.ToArray()),
            .. junk,
            .. Bytes32.FromInteger(data.Length).ToArray(),
            .. data,
            .. junk,
        ];
        Bytes32.FromInteger(input).CopyTo(result.AsSpan(4 + (2 * Bytes32.SizeBytes)));
        Bytes32.FromInteger(words).CopyTo(result.AsSpan(4 + (3 * Bytes32.SizeBytes)));
        return result;
    }

    private static async Task BeginAsync(PlayerWorld world, ArenaAccount? account = null)
    {
        TransactionSender sender = world.Arena.OnL1(account ?? world.Arena.Accounts.Thief);
        Contract oracle = world.Arena.Contracts.Oracle;
        BigInteger bond = (await oracle.ReadAsync(new PreimageOracle.MinBondSizeFunction())).Value;
        _ = await sender.SendAsync(oracle.Request(
            sender.Address, new PreimageOracle.InitLPPFunction { Uuid = 1, ClaimedSize = DataBytes }, bond));
    }

    private static async Task AddAsync(
        PlayerWorld world,
        byte[] data,
        Bytes32[] commitments,
        int first,
        int end,
        ArenaAccount? account = null)
    {
        TransactionSender sender = world.Arena.OnL1(account ?? world.Arena.Accounts.Thief);
        _ = await sender.SendAsync(Part(world, sender.Address, data, commitments, first, end));
    }

    private static CallRequest Part(
        PlayerWorld world, Address sender, byte[] data, Bytes32[] commitments, int first, int end)
    {
        bool isLast = end == commitments.Length;
        int start = first * KeccakSponge.BlockBytes;
        int stop = isLast ? data.Length : end * KeccakSponge.BlockBytes;
        return world.Arena.Contracts.Oracle.Request(sender, new PreimageOracle.AddLeavesLPPFunction
        {
            Uuid = 1,
            InputStartBlock = first,
            Input = data[start..stop],
            StateCommitments = commitments[first..end],
            Finalize = isLast,
        });
    }

    private static async Task TakeAsync(PlayerWorld world)
    {
        (byte[] data, Bytes32[] commitments) = Forge(WrongBlock);
        byte[] right = [.. data];
        right[WrongBlock * KeccakSponge.BlockBytes] ^= 1;
        LargePreimageTree forged = new(KeccakSponge.Pad(data), commitments);
        TransactionSender thief = world.Arena.OnL1(world.Arena.Accounts.Thief);
        Contract oracle = world.Arena.Contracts.Oracle;
        PreimageOracle.SqueezeLPPFunction squeeze = forged.Squeeze(thief.Address, 1);
        squeeze.StateMatrix = new LargePreimage(right).Tree.StateAfter(commitments.Length - 1);
        _ = await thief.SendAsync(oracle.Request(thief.Address, squeeze));
    }

    private static async Task<bool> IsCounteredAsync(PlayerWorld world) => ProposalState
        .Read(await world.Arena.Contracts.Oracle.ReadAsync(new PreimageOracle.ProposalMetadataFunction
        {
            Item1 = world.Arena.Accounts.Thief.Address,
            Item2 = 1,
        }))
        .IsCountered;
}
