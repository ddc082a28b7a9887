using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Culverin.Harness.Host;
using Xunit;

namespace Culverin.Harness.Tests.Disputes;

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
        byte[] key = Bytes32.FromInteger(4).ToArray();
        key[0] = (byte)PreimageKeyType.Local;
        PreimageNeed need = new(new Bytes32(key), default, 8);
        Claim first = await DescendAsync(client, isAttack: true);
        Claim second = await DescendAsync(client, isAttack: false);
        Game game = await client.ReadAsync();
        Assert.NotEqual(
            game.DisputeAround(first).LocalContext(), game.DisputeAround(second).LocalContext());
        foreach (Claim claim in new[] { first, second })
        {
            CallRequest load =
                Assert.Single(await loader.PlanAsync(client, game, Step(claim, need)));
            _ = await client.SendAsync(load);
            Assert.Empty(await loader.PlanAsync(client, game, Step(claim, need)));
        }
    }

    private static IntendedStep Step(Claim against, PreimageNeed need) =>
        new(against, true, new StepData(default, default, need), "");

    private static PreimageNeed Need(int size, int offset)
    {
        byte[] value = new byte[PreimageKey.PrefixBytes + size];
        new Random(size).NextBytes(value);
        BinaryPrimitives.WriteUInt64BigEndian(value, (ulong)size);
        return new PreimageNeed(
            PreimageStore.KeyOf(value.AsSpan(PreimageKey.PrefixBytes)), value, (ulong)offset);
    }

    private static async Task AssertHeldAsync(ClassicArena arena, PreimageNeed need)
    {
        IReadOnlyList<AbiValue> part =
            await arena.Contracts.Oracle.ReadAllAsync("readPreimage", [need.Key, need.Offset]);
        byte[] expected = need.Value.ToArray().Skip((int)need.Offset).Take(Bytes32.SizeBytes).ToArray();
        Assert.Equal(expected.Length, part[1].AsInteger());
        Assert.Equal(expected, part[0].AsBytes32().ToArray()[..expected.Length]);
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
