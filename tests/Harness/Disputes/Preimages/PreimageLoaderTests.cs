using System.Buffers.Binary;
using System.Numerics;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Disputes.Player;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Nethereum.Contracts;
using Xunit;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Disputes.Preimages;

/// <summary>What steps read gets into the real oracle, once, by whatever way its size asks for.</summary>
public sealed class PreimageLoaderTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    private const int PartBytes = 300 * KeccakSponge.BlockBytes;

    public static TheoryData<int, int> Parts => new()
    {
        { 0, 0 },
        { 1, 8 },
        { 200, 3 },
        { 5_000, 5_007 },
    };

    // Offsets in and around the first transaction's end, where the wanted word may be cut in two.
    public static TheoryData<int, int> LargeParts => new()
    {
        { 40_000, 0 },
        { 100_000, 7 },
        { 100_000, 8 },
        { 100_000, 8 + PartBytes - 33 },
        { 100_000, 8 + PartBytes - 32 },
        { 100_000, 8 + PartBytes - 1 },
        { 100_000, 8 + PartBytes },
        { 2 * PartBytes, 8 + (2 * PartBytes) - 1 },
        { 100_000, 100_007 },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Data_go_straight_into_the_oracle_and_only_once(int size, int offset)
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Game game = await client.ReadAsync();
        IntendedStep step = Step(game.Root, Need(size, offset));
        CallRequest load = Assert.Single(await loader.PlanAsync(client, game, step));
        _ = await client.SendAsync(load);
        Assert.Empty(await loader.PlanAsync(client, game, step));
        await AssertHeldAsync(arena, step.Data.Preimage!);
    }

    [Theory]
    [MemberData(nameof(LargeParts))]
    public async Task Large_data_are_proposed_and_taken_after_the_time_to_challenge_them(int size, int offset)
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena), arena.Options.LargePreimageBytesMin);
        Game game = await client.ReadAsync();
        IntendedStep step = Step(game.Root, Need(size, offset));

        // Ended in the middle: another loader goes on with what is missing.
        IReadOnlyList<CallRequest> calls = await loader.PlanAsync(client, game, step);
        Assert.Equal(1 + (((size / KeccakSponge.BlockBytes) + 300) / 300), calls.Count);
        foreach (CallRequest call in calls.Take(2))
        {
            _ = await client.SendAsync(call);
        }

        IReadOnlyList<CallRequest> others = calls.Count > 2
            ? await loader.PlanAsync(client, game, step)
            : [];
        Assert.Equal(
            calls.Skip(2).Select(call => Hex.Format(call.Data.Span)),
            others.Select(call => Hex.Format(call.Data.Span)));
        foreach (CallRequest call in others)
        {
            _ = await client.SendAsync(call);
        }

        PreimageWaitException early =
            await Assert.ThrowsAsync<PreimageWaitException>(() => loader.PlanAsync(client, game, step));
        await arena.L1.AdvanceToAsync(early.UntilSeconds - 1);
        _ = await Assert.ThrowsAsync<PreimageWaitException>(() => loader.PlanAsync(client, game, step));
        await arena.L1.AdvanceToAsync(early.UntilSeconds);
        CallRequest last = Assert.Single(await loader.PlanAsync(client, await client.ReadAsync(), step));
        _ = await client.SendAsync(last);
        Assert.Empty(await loader.PlanAsync(client, game, step));
        await AssertHeldAsync(arena, step.Data.Preimage!);
    }

    [Fact]
    public async Task What_cannot_be_loaded_is_told()
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Game game = await client.ReadAsync();
        PreimageNeed need = Need(100, 8);
        byte[] other = need.Key.ToArray();
        other[0] = (byte)PreimageKeyType.Sha256;
        PreimageNeed[] refused =
        [
            need with { Key = new Bytes32(other) },
            need with { Value = Need(101, 8).Value },
            need with { Value = default },
            need with { Offset = 1ul << 32 },
            need with { Key = WithType(need.Key, PreimageKeyType.Blob), Evidence = new byte[128] },
            need with { Key = WithType(need.Key, PreimageKeyType.Precompile), Evidence = new byte[30] },
            need with { Key = WithType(need.Key, (PreimageKeyType)3) },
            Sha256Need(PreimageLoader.DirectBytesMax + 1),
        ];
        foreach (PreimageNeed each in refused)
        {
            ChainException error = await Assert.ThrowsAsync<ChainException>(
                () => loader.PlanAsync(client, game, Step(game.Root, each)));
            Assert.Contains("cannot be loaded", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Local_data_belong_to_the_dispute_around_a_claim()
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Claim first = await DescendAsync(client, isAttack: true);
        Claim second = await DescendAsync(client, isAttack: false);
        Game game = await client.ReadAsync();
        Assert.NotEqual(
            game.DisputeAround(first).LocalContext(), game.DisputeAround(second).LocalContext());
        foreach (Claim claim in new[] { first, second })
        {
            PreimageNeed need = BlockNumberNeed(game, claim);
            CallRequest load =
                Assert.Single(await loader.PlanAsync(client, game, Step(claim, need)));
            _ = await client.SendAsync(load);
            Assert.Empty(await loader.PlanAsync(client, game, Step(claim, need)));
        }
    }

    [Fact]
    public async Task Local_data_that_the_game_gives_otherwise_are_not_relied_on()
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Claim claim = await DescendAsync(client, isAttack: true);
        Game game = await client.ReadAsync();
        PreimageNeed need = BlockNumberNeed(game, claim);
        byte[] other = need.Value.ToArray();
        other[^1] ^= 1;
        IntendedStep step = Step(claim, need with { Value = other });
        _ = await client.SendAsync(Assert.Single(await loader.PlanAsync(client, game, step)));
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => loader.PlanAsync(client, game, step));
        Assert.Contains("another value", error.Message, StringComparison.Ordinal);
        Assert.Empty(await loader.PlanAsync(client, game, Step(claim, need)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_part_that_another_brought_is_replaced(bool isLarge)
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        int direct = isLarge ? 1_000 : PreimageLoader.DirectBytesMax;
        PreimageLoader loader = new(DisputeContracts.Of(arena), direct);
        Game game = await client.ReadAsync();
        PreimageNeed need = Need(arena.Options.LargePreimageBytesMin, 8 + 136);
        IntendedStep step = Step(game.Root, need);
        IReadOnlyList<CallRequest> loads = await loader.PlanAsync(client, game, step);
        await OverwriteAsync(arena, need);
        PreimageOracle.ReadPreimageResult held = await arena.Contracts.Oracle.ReadAsync(
            new PreimageOracle.ReadPreimageFunction { Key = need.Key, Offset = need.Offset });
        Assert.NotEqual(need.Value.Slice((int)need.Offset, 32).ToArray(), held.Dat.ToArray());
        Assert.Equal(
            loads.Select(call => Hex.Format(call.Data.Span)),
            (await loader.PlanAsync(client, game, step)).Select(call => Hex.Format(call.Data.Span)));
        for (int time = 0; time < 2; time++)
        {
            while (await loader.PlanAsync(client, await client.ReadAsync(), step) is { Count: > 0 } calls)
            {
                foreach (CallRequest call in calls)
                {
                    _ = await client.SendAsync(call);
                }

                if (isLarge && time == 0)
                {
                    await arena.L1.AdvanceAsync(arena.Options.LargePreimageChallengeSeconds + 1);
                }
            }

            await AssertHeldAsync(arena, need);

            // Whoever brought the wrong one can bring it again, and what was right is brought again too.
            await TakeAsync(arena, need);
        }
    }

    [Fact]
    public async Task A_right_part_of_data_of_a_wrong_length_is_replaced()
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Game game = await client.ReadAsync();
        PreimageNeed need = Need(arena.Options.LargePreimageBytesMin, 8 + 136);
        await OverwriteAsync(arena, need, need.Offset, need.Value.Length + 1_000);
        PreimageOracle.PreimagePartsResult part = await arena.Contracts.Oracle.ReadAsync(
            new PreimageOracle.PreimagePartsFunction { Item1 = need.Key, Item2 = need.Offset });
        Assert.Equal(need.Value.Slice((int)need.Offset, 32).ToArray(), part.Value.ToArray());
        IntendedStep step = Step(game.Root, need);
        _ = await client.SendAsync(Assert.Single(await loader.PlanAsync(client, game, step)));
        Assert.Empty(await loader.PlanAsync(client, game, step));
        PreimageOracle.PreimageLengthsResult length = await arena.Contracts.Oracle.ReadAsync(
            new PreimageOracle.PreimageLengthsFunction { Value = need.Key });
        Assert.Equal(need.Value.Length - OracleKey.PrefixBytes, length.Value);
    }

    [Fact]
    public async Task A_proposal_that_would_come_too_late_is_not_begun()
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena), arena.Options.LargePreimageBytesMin);
        Game game = await client.ReadAsync();
        IntendedStep step = Step(game.Root, Need(40_000, 8));
        int calls = (await loader.PlanAsync(client, game, step)).Count;
        ulong needed = arena.Options.LargePreimageChallengeSeconds + ((ulong)calls + 2) * 12;
        ulong last = game.ClockEnd(game.Root) - needed - 1;
        await arena.L1.AdvanceToAsync(last);
        Assert.Equal(calls, (await loader.PlanAsync(client, await client.ReadAsync(), step)).Count);
        await arena.L1.AdvanceToAsync(last + 1);
        PreimageLateException late = await Assert.ThrowsAsync<PreimageLateException>(
            async () => await loader.PlanAsync(client, await client.ReadAsync(), step));
        Assert.Contains("not begun", late.Message, StringComparison.Ordinal);
    }

    // As version 1.0.0 of the oracle lets anyone: begun at another offset, begun again, taken unfinished.
    private static async Task OverwriteAsync(
        ClassicArena arena, PreimageNeed need, ulong takenOffset = 8, int? claimedBytes = null)
    {
        TransactionSender thief = arena.OnL1(arena.Accounts.Thief);
        Contract oracle = arena.Contracts.Oracle;
        BigInteger bond = (await oracle.ReadAsync(new PreimageOracle.MinBondSizeFunction())).Value;
        ReadOnlyMemory<byte> data = need.Value[OracleKey.PrefixBytes..];
        int size = claimedBytes ?? data.Length;
        await SendAsync(Begin(takenOffset), bond);
        await SendAsync(
            new PreimageOracle.AddLeavesLPPFunction
            {
                Uuid = 1,
                Input = KeccakSponge.Pad(data.Span),
                StateCommitments = new LargePreimage(data).Commitments,
            },
            0);
        await SendAsync(Begin(need.Offset), bond);
        await TakeAsync(arena, need);

        PreimageOracle.InitLPPFunction Begin(ulong offset) =>
            new() { Uuid = 1, PartOffset = (uint)offset, ClaimedSize = (uint)size };

        Task SendAsync(FunctionMessage call, BigInteger value) =>
            thief.SendAsync(oracle.Request(thief.Address, call, value));
    }

    private static async Task TakeAsync(ClassicArena arena, PreimageNeed need)
    {
        TransactionSender thief = arena.OnL1(arena.Accounts.Thief);
        LargePreimageTree tree = new LargePreimage(need.Value[OracleKey.PrefixBytes..]).Tree;
        _ = await thief.SendAsync(
            arena.Contracts.Oracle.Request(thief.Address, tree.Squeeze(thief.Address, 1)));
    }

    // What the contract tells: the block of the disputed leaf, not capped at the claimed one.
    private static PreimageNeed BlockNumberNeed(Game game, Claim claim)
    {
        Position disputed = game.DisputeAround(claim).DisputedPosition;
        byte[] value = new byte[OracleKey.PrefixBytes + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(value, sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(
            value.AsSpan(OracleKey.PrefixBytes),
            game.StartingBlock + (ulong)disputed.TraceIndex(game.Rules.SplitDepth) + 1);
        byte[] key = Bytes32.FromInteger(4).ToArray();
        key[0] = (byte)PreimageKeyType.Local;
        return new PreimageNeed(new Bytes32(key), value, 8);
    }

    internal static IntendedStep Step(Claim against, PreimageNeed need) =>
        new(against, true, new StepData(default, default, need), "");

    private static PreimageNeed Need(int size, int offset)
    {
        byte[] value = new byte[OracleKey.PrefixBytes + size];
        new Random(size).NextBytes(value);
        BinaryPrimitives.WriteUInt64BigEndian(value, (ulong)size);
        return new PreimageNeed(
            PreimageStore.KeyOf(value.AsSpan(OracleKey.PrefixBytes)), value, (ulong)offset);
    }

    internal static async Task AssertHeldAsync(ClassicArena arena, PreimageNeed need)
    {
        PreimageOracle.ReadPreimageResult part = await arena.Contracts.Oracle.ReadAsync(
            new PreimageOracle.ReadPreimageFunction { Key = need.Key, Offset = need.Offset });
        byte[] expected = need.Value.ToArray().Skip((int)need.Offset).Take(Bytes32.SizeBytes).ToArray();
        Assert.Equal(expected.Length, part.DatLen);
        Assert.Equal(expected, part.Dat.ToArray()[..expected.Length]);
    }

    private static Bytes32 WithType(Bytes32 key, PreimageKeyType type) => PreimageStore.KeyOf(type, key);

    internal static PreimageNeed Sha256Need(int size)
    {
        PreimageNeed need = Need(size, 8);
        return need with { Key = PreimageStore.Sha256KeyOf(need.Value.Span[OracleKey.PrefixBytes..]) };
    }

    // A claim below the split, over the same claims at other places.
    private static async Task<Claim> DescendAsync(GameClient client, bool isAttack)
    {
        Claim claim = (await client.ReadAsync()).Root;
        Game game;
        do
        {
            game = await client.ReadAsync();
            byte[] value = Bytes32.FromInteger(game.Claims.Count).ToArray();
            value[0] = 1;
            bool isLast = claim.Position.Depth == game.Rules.SplitDepth;
            _ = await client.MoveAsync(
                claim,
                claim.IsRoot || isLast || isAttack,
                new Bytes32(value),
                game.Rules.Bonds[claim.Position.Depth + 1]);
            claim = (await client.ReadAsync()).Claims[^1];
        }
        while (claim.Position.Depth <= game.Rules.SplitDepth);
        return claim;
    }

    private async Task<(ClassicArena Arena, GameClient Client)> StartAsync()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        return (world.Arena, new GameClient(game.Contract, world.Arena.OnL1(world.Challenger)));
    }
}
