namespace Culverin.Harness.Withdrawals.Status;

/// <summary>
/// The game to prove on, or why there is none although games cover the block.
/// </summary>
/// <param name="Game">The game; null when none covers the block.</param>
/// <param name="Index">The factory's number of it.</param>
/// <param name="Fault">What is wrong with it; none when it can be proven on.</param>
/// <param name="Detail">What a node said about it; null when nothing.</param>
internal sealed record GameChoice(GameFacts? Game, ulong Index, BlockReason Fault, string? Detail = null)
{
    /// <summary>No game covers the block.</summary>
    public static GameChoice None { get; } = new(null, 0, BlockReason.None);

    /// <summary>Whether there is a game to prove on.</summary>
    public bool IsUsable => Game is not null && Fault == BlockReason.None;
}
