namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// How many steps runs of the program take in a game, known before a dispute has chosen one of them. Anyone
/// can make runs longer by what he posts on L1, and a run that is longer than the game has positions for ends
/// unfinished there: then nobody can show what is right.
/// </summary>
/// <param name="Steps">
/// Steps of the longest run that was made; where that did not end, as many as were made.
/// </param>
/// <param name="IsFinished">Whether it ended.</param>
/// <param name="Block">The L2 block that it is about.</param>
/// <param name="Positions">Positions that the game has for a run: as many steps fit in.</param>
public sealed record StepNeed(ulong Steps, bool IsFinished, ulong Block, UInt128 Positions)
{
    /// <summary>Whether a run ends unfinished in the game.</summary>
    public bool IsTooLong => !IsFinished && Steps >= Positions;

    /// <summary>One sentence for a person.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"The program takes {(IsFinished ? "" : "more than ")}{Steps:N0} steps about block {Block}, and ")
        + FormattableString.Invariant($"the game has {Positions:N0} positions for a run.");
}
