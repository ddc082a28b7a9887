using System.Text;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Disputes.Player;
using Culverin.Harness.Tests.Host.Blobs;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Preimages;

/// <summary>Every kind of pre-image that is no Keccak-256's gets into the real oracle, once.</summary>
public sealed class PreimageKindTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(48, 8)]
    [InlineData(48, 40)]
    [InlineData(5_000, 5_000)]
    [InlineData(120_000, 77)]
    public async Task Data_named_by_their_SHA256_are_loaded(int size, int offset)
    {
        await CheckLoadedAsync(PreimageLoaderTests.Sha256Need(size) with { Offset = (ulong)offset });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 8)]
    [InlineData(2047, 20)]
    [InlineData(4095, 39)]
    public async Task Elements_of_blobs_are_loaded_with_a_proof(int place, int offset)
    {
        using KzgProcess kzg = new(Repository.Packages);
        Blob blob = (await TestBlob.MakeAsync(kzg, new Random(place))).Blob;
        byte[] value = [.. new byte[7], Bytes32.SizeBytes, .. blob.Element(place).Span];
        await CheckLoadedAsync(new PreimageNeed(blob.KeyOf(place), value, (ulong)offset)
        {
            Evidence = await PreimageEvidence.ProveAsync((blob, place), CancellationToken.None),
        });
    }

    [Theory]
    [InlineData(1, 128, 8)]
    [InlineData(2, 1_000, 12)]
    [InlineData(8, 0, 9)]
    [InlineData(8, 7, 0)]
    [InlineData(8, 7, 8)]
    [InlineData(10, 192, 8)]
    public async Task Answers_of_precompiled_contracts_are_loaded_with_their_questions(
        byte contract, int inputBytes, int offset)
    {
        (ClassicArena arena, _) = await StartAsync();
        byte[] input = new byte[inputBytes];
        new Random(contract).NextBytes(input);
        byte[] question = [.. new byte[19], contract, .. input];
        PrecompileAnswers answers = new(_ => Task.FromResult(arena.L1.Node));
        (Bytes32 key, byte[] answer) = (await answers.AnswerAsync(
            Encoding.ASCII.GetBytes($"l1-precompile {Hex.Format(question)}")))!.Value;
        byte[] value = [.. new byte[7], (byte)answer.Length, .. answer];
        await CheckLoadedAsync(new PreimageNeed(key, value, (ulong)offset) { Evidence = question });
    }

    private async Task CheckLoadedAsync(PreimageNeed need)
    {
        (ClassicArena arena, GameClient client) = await StartAsync();
        PreimageLoader loader = new(DisputeContracts.Of(arena));
        Game game = await client.ReadAsync();
        IntendedStep step = PreimageLoaderTests.Step(game.Root, need);
        CallRequest load = Assert.Single(await loader.PlanAsync(client, game, step));
        _ = await client.SendAsync(load);
        Assert.Empty(await loader.PlanAsync(client, game, step));
        await PreimageLoaderTests.AssertHeldAsync(arena, need);
    }

    private async Task<(ClassicArena Arena, GameClient Client)> StartAsync()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        return (world.Arena, new GameClient(game.Contract, world.Arena.OnL1(world.Challenger)));
    }
}
