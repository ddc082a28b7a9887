using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// The ten rules that every action of an honest player keeps, whatever it is up against. Finds what an
/// action takes as agreed in another way than the solver does, so that both are not wrong alike.
/// </summary>
/// <param name="truth">What is right.</param>
/// <param name="honest">The player's account.</param>
public sealed class SolverRules(ISolverTruth truth, Address honest)
{
    /// <summary>An action counters a claim that there is.</summary>
    public const string ParentMustExist = "parentMustExist";

    /// <summary>Only claims at the greatest depth are countered by a step.</summary>
    public const string OnlyStepAtMaxDepth = "onlyStepAtMaxDepth";

    /// <summary>Only claims above the greatest depth are countered by a move.</summary>
    public const string OnlyMoveBeforeMaxDepth = "onlyMoveBeforeMaxDepth";

    /// <summary>No move is made twice.</summary>
    public const string DoNotDuplicateExistingMoves = "doNotDuplicateExistingMoves";

    /// <summary>A claim that a step has countered is left alone.</summary>
    public const string DoNotStepAlreadyCounteredClaims = "doNotStepAlreadyCounteredClaims";

    /// <summary>The root claim is attacked or left alone.</summary>
    public const string DoNotDefendRootClaim = "doNotDefendRootClaim";

    /// <summary>No move builds on a claim that is wrong.</summary>
    public const string AvoidPoisonedPrestate = "avoidPoisonedPrestate";

    /// <summary>No step starts from a claim that is wrong.</summary>
    public const string DetectPoisonedStepPrestate = "detectPoisonedStepPrestate";

    /// <summary>A step that is made succeeds.</summary>
    public const string DetectFailedStep = "detectFailedStep";

    /// <summary>A player does not counter itself.</summary>
    public const string DoNotCounterSelf = "doNotCounterSelf";

    /// <summary>
    /// The rules that an action breaks in a game as it stands before the action; empty when none.
    /// </summary>
    public async Task<IReadOnlyList<string>> CheckAsync(
        Game game, IntendedAction action, CancellationToken cancellation = default)
    {
        Claim? against = game.Claims.ElementAtOrDefault(action.Against.Index);
        if (against is null || !IsSame(against, action.Against))
        {
            return [ParentMustExist];
        }

        List<string> broken = [];
        Add(against.Claimant == honest, DoNotCounterSelf);
        Add(!action.IsAttack && against.IsRoot, DoNotDefendRootClaim);
        if (action is IntendedMove move)
        {
            bool isAtBottom = against.Position.Depth >= game.Rules.MaxDepth;
            Add(isAtBottom, OnlyMoveBeforeMaxDepth);
            Add(
                !isAtBottom && game.Find(against, move.Position, move.Value) is not null,
                DoNotDuplicateExistingMoves);
            Add(
                !await IsPrestateRightAsync(game, against, action.IsAttack, cancellation)
                    .ConfigureAwait(false),
                AvoidPoisonedPrestate);
        }
        else if (against.Position.Depth != game.Rules.MaxDepth)
        {
            broken.Add(OnlyStepAtMaxDepth);
        }
        else
        {
            Add(against.CounteredBy is not null, DoNotStepAlreadyCounteredClaims);
            bool isSound = await IsPrestateRightAsync(game, against, action.IsAttack, cancellation)
                .ConfigureAwait(false);
            Add(!isSound, DetectPoisonedStepPrestate);
            Add(
                isSound && !await RefutesAsync(game, against, action.IsAttack, cancellation)
                    .ConfigureAwait(false),
                DetectFailedStep);
        }

        return broken;

        void Add(bool isBroken, string rule)
        {
            if (isBroken)
            {
                broken.Add(rule);
            }
        }
    }

    private static bool IsSame(Claim left, Claim right) =>
        left.Position == right.Position
        && left.Value == right.Value
        && left.ParentIndex == right.ParentIndex;

    // Positions are even numbers, so that no two claims above each other end at the same leaf: whichever of
    // them ends one leaf before all that is disputed is what the action takes as agreed.
    private async Task<bool> IsPrestateRightAsync(
        Game game, Claim against, bool isAttack, CancellationToken cancellation)
    {
        bool isOutput = game.IsOutput(against);
        if (!isOutput && !await truth.IsSoundAsync(game, against, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        int depth = isOutput ? game.Rules.SplitDepth : game.Rules.MaxDepth;
        UInt128 first = FirstLeaf(against, isAttack, depth);
        return ClaimEndingAt(game, against, first - 1, depth) is not { } before
            || await truth.IsRightAsync(game, before, cancellation).ConfigureAwait(false);
    }

    // From a right state the machine leads to the right state: a step refutes an opponent's wrong claim,
    // or an opponent's that leads on to the own side's right one.
    private async Task<bool> RefutesAsync(
        Game game, Claim against, bool isAttack, CancellationToken cancellation)
    {
        int depth = game.Rules.MaxDepth;
        Claim? after =
            ClaimEndingAt(game, against, FirstLeaf(against, isAttack, depth), depth);
        if (after is null)
        {
            return false;
        }

        bool isSameSide = (against.Position.Depth - after.Position.Depth) % 2 == 0;
        return isSameSide != await truth.IsRightAsync(game, after, cancellation).ConfigureAwait(false);
    }

    private static UInt128 FirstLeaf(Claim against, bool isAttack, int depth) =>
        (against.Position.GeneralizedIndex + (isAttack ? 0u : 1u)) << (depth - against.Position.Depth);

    private static Claim? ClaimEndingAt(Game game, Claim from, UInt128 leaf, int depth)
    {
        bool isOutput = depth == game.Rules.SplitDepth;
        for (Claim? claim = from; claim is not null; claim = game.ParentOf(claim))
        {
            if (game.IsOutput(claim) == isOutput
                && claim.Position.RightIndex(depth).GeneralizedIndex == leaf)
            {
                return claim;
            }
        }

        return null;
    }
}
