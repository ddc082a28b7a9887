using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Scenarios;

/// <summary>Whole games about the alphabet, whose machine is a toy and everything else real.</summary>
internal static class AlphabetScenarios
{
    private const int Letter = 96;
    private const int OddDepth = 7;
    private const int EvenDepth = 8;
    private const ulong ClaimedBlock = 4;
    private const byte InvalidStatus = 1;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "A1",
            Title = "A forged root, defended by junk down to the split and by the right trace below",
            Proves = "The whole bisection works, from output roots to the step and the resolution.",
            Variants =
                [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Challenger })],
            Options = OptionsOf,
            Body = JunkThenRightAsync,
        },
        new()
        {
            Id = "A3",
            Title = "A right root, attacked by junk and below that by the right trace",
            Proves = "The honest side defends a valid proposal to the last step.",
            Variants =
                [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Proposer })],
            Options = OptionsOf,
            Body = JunkThenRightAsync,
        },
    ];

    /// <summary>An arena for games about the alphabet.</summary>
    internal static ArenaOptions OptionsOf(ScenarioVariant variant) => new()
    {
        Machine = ArenaMachine.Alphabet,
        AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
        MaxGameDepth = variant.Depth == DepthParity.Even ? EvenDepth : OddDepth,
    };

    /// <summary>Nobody's right value: the number, with a status that the contract takes.</summary>
    internal static Bytes32 Junk(int number) =>
        Bytes32.FromInteger(((BigInteger)InvalidStatus << 248) + number);

    // Whoever proposes is right when the honest side does, and claims junk otherwise.
    private static async Task<GameRig> StartAsync(ScenarioRun run)
    {
        ArenaAccounts accounts = run.Arena.Accounts;
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock).ConfigureAwait(false);
        bool isHonest = run.Variant.Honest == HonestSide.Proposer;
        Bytes32 root = isHonest
            ? await rollup.OutputAsync(ClaimedBlock).ConfigureAwait(false)
            : Junk(0);
        return await GameRig
            .CreateAsync(run, new GameSetup
            {
                Proposal = new GameProposal(GameTypes.Fault, root, ClaimedBlock),
                Proposer = isHonest ? accounts.Proposer : accounts.Thief,
                Honest = isHonest ? accounts.Proposer : accounts.Challenger,
                Traces = new AlphabetGameTraces(Letter, run.Arena.Options.L2ChainId, _ => rollup.Outputs()),
            })
            .ConfigureAwait(false);
    }

    private static GameStatus DueStatus(ScenarioRun run) => run.Variant.Honest == HonestSide.Proposer
        ? GameStatus.DefenderWins
        : GameStatus.ChallengerWins;

    private static async Task JunkThenRightAsync(ScenarioRun run)
    {
        using GameRig rig = await StartAsync(run).ConfigureAwait(false);
        GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        while (rig.Game.Claims[^1] is var last
            && last.Claimant != thief.Address
            && last.Position.Depth < rig.Game.Rules.MaxDepth)
        {
            int depth = last.Position.Depth + 1;
            bool isRight = depth > rig.Game.Rules.SplitDepth + 1;
            Bytes32 value = isRight
                ? await rig.RightCounterAsync(last, isAttack: true).ConfigureAwait(false)
                : Junk(depth);
            _ = await thief.AttackAsync(last, value).ConfigureAwait(false);
            _ = await rig.RespondAsync().ConfigureAwait(false);
        }

        run.Expect(
            "The depth of the last claim",
            rig.Game.Rules.MaxDepth,
            rig.Game.Claims.Max(claim => claim.Position.Depth));
        await rig.FinishAsync(DueStatus(run)).ConfigureAwait(false);
    }
}
