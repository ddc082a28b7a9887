using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Pages;

/// <summary>Says in plain words what a claim of a game says, and what became of it.</summary>
internal sealed class ClaimText(Story story, GameStory told)
{
    private readonly Game _game = told.Game;

    /// <summary>What the move is: an attack of a claim, its defence, or the proposal.</summary>
    public string Move(Claim claim) => ClaimWording.Move(_game, claim);

    /// <summary>What the claim is about: a block, or a step of the program's run.</summary>
    public string Place(Claim claim) => ClaimWording.Place(_game, claim);

    /// <summary>Whose claim it is: a name of the story, else the address.</summary>
    public string Claimant(Claim claim) => NameOf(claim.Claimant);

    /// <summary>On which side its maker is.</summary>
    public ActorRole Role(Claim claim) =>
        story.FindActor(claim.Claimant)?.Role ?? ActorRole.Neutral;

    /// <summary>Whether the claim is right, in one word; null when it is not known.</summary>
    public string? Truth(Claim claim) => claim.Index < told.Truths.Count
        ? told.Truths[claim.Index] switch { true => "right", false => "wrong", null => null }
        : null;

    /// <summary>Where the claim's bond went.</summary>
    public string Outcome(Claim claim) => claim switch
    {
        { CounteredBy: { } winner } => $"✗ to {NameOf(winner)}",
        { IsResolved: true } => "✓ back",
        _ => "open",
    };

    /// <summary>How many leaves of the claim's half of the tree are in dispute under it.</summary>
    public BigInteger Remaining(Claim claim) => BigInteger.One << RemainingLevels(claim);

    /// <summary>Levels below the claim in its half of the tree.</summary>
    public int RemainingLevels(Claim claim) =>
        (_game.IsOutput(claim) ? _game.Rules.SplitDepth : _game.Rules.MaxDepth) - claim.Position.Depth;

    /// <summary>Levels of the claim's half of the tree below its first claim.</summary>
    public int HalfLevels(Claim claim) =>
        _game.IsOutput(claim) ? _game.Rules.SplitDepth : _game.Rules.ExecutionDepth;

    /// <summary>All of the claim in some sentences.</summary>
    public string Whole(Claim claim)
    {
        string truth = Truth(claim) is { } word ? $" This is {word}." : "";
        string sent = claim.Index < told.Transactions.Count
            ? $" Transaction {told.Transactions[claim.Index].Hash}, "
                + $"{Wording.Number(told.Transactions[claim.Index].Gas)} gas."
            : "";
        return $"Claim {claim.Index} at depth {claim.Position.Depth}, position {claim.Position} "
            + $"(trace index {claim.Position.TraceIndex(_game.Rules.MaxDepth)}): {Claimant(claim)} "
            + $"{Move(claim)}: {Place(claim)} gives {claim.Value}.{truth} Bond {Wording.Ether(claim.Bond)}; "
            + $"clock {Wording.Duration(claim.Clock.DurationSeconds)} used; "
            + $"{(claim.CounteredBy is { } winner ? $"refuted by {NameOf(winner)}" : "not refuted")}.{sent}";
    }

    private string NameOf(Address address) =>
        story.FindActor(address)?.Name ?? Wording.Abridge(address);
}
