namespace Culverin.Harness.Rollup;

/// <summary>What and when a proposer proposes.</summary>
public sealed record ProposerOptions
{
    /// <summary>The type of the games it creates.</summary>
    public uint GameType { get; init; }

    /// <summary>Proposals are made for the L2 blocks whose numbers are multiples of this.</summary>
    public ulong IntervalBlocks { get; init; } = 100;

    /// <summary>
    /// Whether L2 blocks count whose data are in L1 blocks that may still be reorganised.
    /// </summary>
    public bool AllowsNonFinalized { get; init; }
}
