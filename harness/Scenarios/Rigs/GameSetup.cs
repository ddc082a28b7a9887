using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Scenarios.Rules;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>A game of a scenario: what is proposed by whom, and who plays the honest side.</summary>
public sealed record GameSetup
{
    private readonly IGameTraces? _truth;

    /// <summary>What is proposed.</summary>
    public required GameProposal Proposal { get; init; }

    /// <summary>Who proposes it.</summary>
    public required ArenaAccount Proposer { get; init; }

    /// <summary>
    /// Whose account the player plays with: the proposer's when the proposal is right, else another.
    /// </summary>
    public required ArenaAccount Honest { get; init; }

    /// <summary>What the player believes.</summary>
    public required IGameTraces Traces { get; init; }

    /// <summary>The last L2 block whose data are on L1 when the game is created.</summary>
    public required ulong LastBlock { get; init; }

    /// <summary>The machine by which the player is judged.</summary>
    public required IJudgeMachine Machine { get; init; }

    /// <summary>
    /// What actors take as right; the player's own unless set. Opened once for the game.
    /// </summary>
    public IGameTraces Truth
    {
        get => _truth ?? Traces;
        init => _truth = value;
    }

    /// <summary>What the player does, and demands before.</summary>
    public PlayerOptions Options { get; init; } = new();
}
