using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>What a player did in one round of one game, what it intends, and what it waits for.</summary>
public sealed record GameRecord
{
    /// <summary>The game.</summary>
    public required Address Address { get; init; }

    /// <summary>The kind of game, as the factory knows it.</summary>
    public required uint GameType { get; init; }

    /// <summary>The L1 block as of which the game was read.</summary>
    public required Block L1Block { get; init; }

    /// <summary>How the player stands to it.</summary>
    public required PlayerPhase Phase { get; init; }

    /// <summary>The game as it was read; null when it could not be.</summary>
    public Game? Game { get; init; }

    /// <summary>What is known about the root claim; null when nothing was asked.</summary>
    public Judgement? Root { get; init; }

    /// <summary>
    /// How long runs of the program can get; null while no bond was due, or it is not known.
    /// </summary>
    public StepNeed? Need { get; init; }

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<PlayerAction> Actions { get; init; } = [];

    /// <summary>What has to be done, but was not: in a dry run, or for want of money.</summary>
    public IReadOnlyList<PlayerIntent> Intents { get; init; } = [];

    /// <summary>What it waits for.</summary>
    public IReadOnlyList<PlayerWait> Waits { get; init; } = [];

    /// <summary>What somebody should look at, though the play goes on.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// What could not be known as a node or a file failed, though the play went on with what is known.
    /// </summary>
    public IReadOnlyList<string> Unknowns { get; init; } = [];

    /// <summary>What ended the round early, in a sentence; null when nothing did.</summary>
    public string? Failure { get; init; }
}
