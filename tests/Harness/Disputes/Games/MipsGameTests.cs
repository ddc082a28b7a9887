using System.Diagnostics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rollup;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;
using FaultProofProgram = Culverin.Harness.Tests.Host.Guest;

namespace Culverin.Harness.Tests.Disputes.Games;

/// <summary>
/// Whole games on the real contracts, settled by the real MIPS contract over steps of the fault-proof
/// program: the player against whoever lies from one certain step on.
/// </summary>
public sealed class MipsGameTests(ITestOutputHelper output)
{
    private const int RoundsMax = 100;

    // Leaves: blocks 2 to 5, of which the last two are lied about.
    private const int SplitDepth = 2;
    private const ulong Claimed = 5;
    private const ulong FirstLie = 4;

    // 2^27 and 2^28 leaves, for a run that has fewer steps than the half of those.
    private const int EvenDepth = 30;
    private const int OddDepth = 31;

    private const int ProductionDepth = 73;
    private const int ProductionSplitDepth = 30;

    [L2NodeTheory]
    [InlineData(EvenDepth, false, 0)]
    [InlineData(OddDepth, true, (1 << 27) + 1_234)]
    public Task The_honest_side_wins_at_the_step_of_the_lie(int depth, bool isProposer, int step) =>
        PlayAsync(SplitDepth, depth, isProposer, step);

    [L2NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Games_can_be_as_deep_as_in_production(bool isProposer) =>
        PlayAsync(ProductionSplitDepth, ProductionDepth, isProposer, step: 9_876_543);

    private async Task PlayAsync(int splitDepth, int depth, bool isProposer, int step)
    {
        await using DerivedWorld world = await DerivedWorld.StartAsync(
            DerivedWorld.Options with { MaxGameDepth = depth, SplitDepth = splitDepth });
        _ = await world.ProduceUntilAsync(Claimed);
        await world.PostAsync();
        ArenaAccount honest =
            isProposer ? world.Arena.Accounts.Proposer : world.Arena.Accounts.Challenger;
        ArenaAccount thief = world.Arena.Accounts.Thief;
        Bytes32 root = isProposer ? await world.OutputAsync(Claimed) : LyingOutputs.LieAbout(Claimed);
        GameClient game = await GameClient.CreateAsync(
            world.Arena.Contracts.Factory,
            world.Arena.Contracts.FaultGame,
            world.Arena.OnL1(isProposer ? honest : thief),
            new GameProposal(GameTypes.Fault, root, Claimed));
        Game end = await PlayAsync(world, game.Contract, honest, thief, (UInt128)step);
        Assert.Equal(isProposer ? GameStatus.DefenderWins : GameStatus.ChallengerWins, end.Status);
        Claim deepest = end.Claims.Single(claim => claim.Position.Depth == depth);
        Assert.Equal(
            step, (int)deepest.Position.RelativeTo(splitDepth + 1).IndexAtDepth, tolerance: 1);
        Assert.All(end.Claims, claim =>
            Assert.Equal(claim.Claimant == thief.Address, claim.CounteredBy is not null));

        // Whoever's claim is the deepest one, the other has to step.
        bool mustStep = depth % 2 == 0 != isProposer;
        Assert.Equal(mustStep ? thief.Address : honest.Address, deepest.Claimant);
        Assert.Equal(0, await game.CreditAsync(honest.Address));
    }

    private async Task<Game> PlayAsync(
        DerivedWorld world, Contract contract, ArenaAccount honest, ArenaAccount thief, UInt128 step)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using TemporaryFolder folder = new();
        DisputeContracts contracts = DisputeContracts.Of(world.Arena);
        using GamePlayer player = new(
            contracts,
            contract.Address,
            GameTypes.Fault,
            world.Arena.OnL1(honest),
            ProgramGameTraces.Load(
                world.L1Node,
                world.Verifier.Node,
                world.Arena.Options.L2ChainId,
                Options(Path.Combine(folder.Path, "honest")),
                _ => world.Source()),
            new PreimageLoader(contracts));
        GameClient client = new(contract, world.Arena.OnL1(thief));
        Game first = await client.ReadAsync();
        OutputTrace outputs = new(world.Source(), first);
        using ProgramTraces states = new(
            first, outputs, world.L1Node, world.Verifier.Node, Options(Path.Combine(folder.Path, "thief")));
        GameTrace lies = new(
            new OutputTrace(new LyingOutputs(world.Source(), FirstLie), first),
            new LyingTraces(states, step));
        Liar liar = new(client, lies, new PreimageLoader(contracts));
        for (int round = 0; round < RoundsMax; round++)
        {
            GameRecord record = await player.PlayAsync(await world.L1HeadAsync());
            Assert.True(record.Failure is null, record.Failure);
            int answers = record.Phase == PlayerPhase.Finished ? 0 : await liar.AnswerAsync();
            if (record.Phase == PlayerPhase.Finished)
            {
                output.WriteLine(
                    $"{record.Game!.Claims.Count} claims, [{string.Join(' ', liar.Refusals)}] steps refused, "
                        + $"{watch.ElapsedMilliseconds} ms");
                return record.Game;
            }

            if (answers == 0 && record.Actions.Count == 0)
            {
                await world.Arena.L1.AdvanceToAsync(record.Waits.Max(wait => wait.Until)!.Value);
            }
        }

        throw new TimeoutException("The game does not end.");
    }

    private static ProgramOptions Options(string folder) => new()
    {
        PrestatePath = FaultProofProgram.PrestatePath,
        DataFolder = folder,
    };
}
