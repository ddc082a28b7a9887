using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// A fault dispute game as it was at one block. Does not change; may be used from several threads.
/// </summary>
public sealed class Game
{
    private readonly ILookup<int, Claim> _children;

    /// <summary>
    /// Takes what was read. Throws <see cref="ChainException"/> when the parameters or the claims do not
    /// make a game: a parent that is not earlier, a position that no move leads to.
    /// </summary>
    public Game(GameRules rules, IReadOnlyList<Claim> claims)
    {
        rules.Validate();
        Rules = rules;
        Claims = claims;
        RequireTree();
        _children = claims.Where(claim => !claim.IsRoot).ToLookup(claim => claim.ParentIndex!.Value);
    }

    /// <summary>The parameters.</summary>
    public GameRules Rules { get; }

    /// <summary>All claims, in the order in which they were made.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>The claim that the game is about.</summary>
    public Claim Root => Claims[0];

    /// <summary>Its contract.</summary>
    public Address Address { get; init; }

    /// <summary>How it stood.</summary>
    public GameStatus Status { get; init; }

    /// <summary>Time of the block, in seconds since 1970; clocks run by it.</summary>
    public ulong TimestampSeconds { get; init; }

    /// <summary>The output root that the game begins with, which nobody disputes.</summary>
    public Bytes32 StartingRoot { get; init; }

    /// <summary>The L2 block of <see cref="StartingRoot"/>.</summary>
    public ulong StartingBlock { get; init; }

    /// <summary>The L2 block that the root claim is about.</summary>
    public ulong ClaimedBlock { get; init; }

    /// <summary>Hash of the newest L1 block when the game was created.</summary>
    public Bytes32 L1Head { get; init; }

    /// <summary>The L2's chain id, as the contract tells it to the program.</summary>
    public ulong L2ChainId { get; init; }

    /// <summary>Who showed the root claim to be about another block; null while nobody has.</summary>
    public Address? BlockNumberChallenger { get; init; }

    /// <summary>
    /// The same game with other claims, as it was earlier or may become; throws as the constructor.
    /// </summary>
    public Game WithClaims(IReadOnlyList<Claim> claims) => With(Rules, claims);

    /// <summary>The same game as others might understand its rules; throws as the constructor.</summary>
    public Game WithRules(GameRules rules) => With(rules, Claims);

    /// <summary>The claims that argue with a claim, in the order in which they were made.</summary>
    public IEnumerable<Claim> ChildrenOf(Claim claim) => _children[claim.Index];

    /// <summary>The claim that a claim argues with; null for the root claim.</summary>
    public Claim? ParentOf(Claim claim) => claim.ParentIndex is { } index ? Claims[index] : null;

    /// <summary>The claim of this value that argues with a claim at a position; null when none.</summary>
    public Claim? Find(Claim parent, Position position, Bytes32 value) =>
        ChildrenOf(parent).FirstOrDefault(each => each.Position == position && each.Value == value);

    /// <summary>True when the claim is about an output root: at the split depth or above it.</summary>
    public bool IsOutput(Claim claim) => claim.Position.Depth <= Rules.SplitDepth;

    /// <summary>
    /// What opponents of a claim have used of their time, in seconds, at most <see
    /// cref="GameRules.MaxClockSeconds"/>; then the claim can be resolved and not be countered.
    /// </summary>
    public ulong ChallengerSeconds(Claim claim)
    {
        ulong used = ParentOf(claim)?.Clock.DurationSeconds ?? 0;
        ulong waited = TimestampSeconds - ulong.Min(TimestampSeconds, claim.Clock.TimestampSeconds);
        return ulong.Min(Rules.MaxClockSeconds, used + waited);
    }

    /// <summary>
    /// The time, in seconds since 1970, from which a claim can be resolved and not be countered.
    /// </summary>
    public ulong ClockEnd(Claim claim)
    {
        ulong used = ulong.Min(Rules.MaxClockSeconds, ParentOf(claim)?.Clock.DurationSeconds ?? 0);
        return claim.Clock.TimestampSeconds + (Rules.MaxClockSeconds - used);
    }

    /// <summary>
    /// The claim that commits to the same leaf as a position, among a claim and those above it. Throws <see
    /// cref="ChainException"/> when there is none.
    /// </summary>
    /// <param name="position">The position.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="isGlobal">Whether the claim may be above the split.</param>
    public Claim TraceAncestor(Position position, Claim from, bool isGlobal)
    {
        Position wanted =
            isGlobal ? position.TraceAncestor() : position.TraceAncestorBelow(Rules.SplitDepth);
        for (Claim? claim = from; claim is not null; claim = ParentOf(claim))
        {
            if (claim.Position == wanted)
            {
                return claim;
            }
        }

        throw new UndecidableException(
            $"No claim above claim {from.Index} is at position {wanted}.");
    }

    /// <summary>
    /// The claim just before all that a move against a claim disputes: what the mover takes as right. Null
    /// when that is where the trace begins.
    /// </summary>
    public Claim? PrestateOf(Claim claim, bool isAttack)
    {
        if (!isAttack)
        {
            return claim;
        }

        bool isOutput = IsOutput(claim);
        int top = isOutput ? 0 : Rules.SplitDepth + 1;
        return claim.Position.RelativeTo(top).IndexAtDepth == 0
            ? null
            : TraceAncestor(claim.Position.Left(), claim, isOutput);
    }

    /// <summary>
    /// The claim that says what a step against a claim at the greatest depth must lead to.
    /// </summary>
    public Claim PoststateOf(Claim claim, bool isAttack) =>
        isAttack ? claim : TraceAncestor(claim.Position.Right(), claim, isGlobal: false);

    /// <summary>
    /// The last claim about an output root above a claim below the split, and whether the move against it
    /// was an attack. Throws <see cref="ChainException"/> for a claim that is not below the split.
    /// </summary>
    public (Claim Leaf, bool IsAttack) LeafAbove(Claim claim)
    {
        Claim execution = claim;
        while (execution.Position.Depth > Rules.SplitDepth + 1)
        {
            execution = ParentOf(execution)!;
        }

        Claim leaf = ParentOf(execution) is { } parent && !IsOutput(execution)
            ? parent
            : throw new ChainException(ChainFailure.Abi, $"Claim {claim.Index} is not below the split.");
        return (leaf, execution.Position == leaf.Position.Attack());
    }

    /// <summary>
    /// What the game around a claim below the split is about; throws as <see cref="LeafAbove"/>.
    /// </summary>
    public OutputDispute DisputeAround(Claim claim)
    {
        (Claim leaf, bool isAttack) = LeafAbove(claim);
        return DisputeBelow(leaf, isAttack);
    }

    /// <summary>What the game that a move against a claim at the split depth opens is about.</summary>
    public OutputDispute DisputeBelow(Claim leaf, bool isAttack)
    {
        Claim? starting = PrestateOf(leaf, isAttack);
        Claim disputed =
            isAttack ? leaf : TraceAncestor(leaf.Position.Right(), leaf, isGlobal: true);
        return new OutputDispute(
            starting?.Value ?? StartingRoot, starting?.Position, disputed.Value, disputed.Position);
    }

    private Game With(GameRules rules, IReadOnlyList<Claim> claims) => new(rules, claims)
    {
        Address = Address,
        Status = Status,
        TimestampSeconds = TimestampSeconds,
        StartingRoot = StartingRoot,
        StartingBlock = StartingBlock,
        ClaimedBlock = ClaimedBlock,
        L1Head = L1Head,
        L2ChainId = L2ChainId,
        BlockNumberChallenger = BlockNumberChallenger,
    };

    private void RequireTree()
    {
        for (int index = 0; index < Claims.Count; index++)
        {
            Claim claim = Claims[index];
            bool isPlaced = claim.ParentIndex is { } parent
                ? parent >= 0 && parent < index && IsMove(Claims[parent].Position, claim.Position)
                : index == 0 && claim.Position == Position.Root;
            if (!isPlaced || claim.Index != index || claim.Position.Depth > Rules.MaxDepth)
            {
                throw new ChainException(ChainFailure.BadAnswer, $"No move leads to {claim}.");
            }
        }

        if (Claims.Count == 0)
        {
            throw new ChainException(ChainFailure.BadAnswer, "The game has no claims.");
        }
    }

    private static bool IsMove(Position from, Position to) => to == from.Attack() || to == from.Defend();
}
