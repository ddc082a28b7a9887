using Culverin.Harness.Arenas;
using Culverin.Harness.Rollup;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>What a game of the fault-proof program is about.</summary>
internal sealed record CannonGame
{
    /// <summary>The L2 block that is proposed.</summary>
    internal ulong Claimed { get; init; } = CannonRig.LastBlock;

    /// <summary>The last L2 block whose data are on L1 when the game is created.</summary>
    internal ulong Posted { get; init; } = CannonRig.LastBlock;

    /// <summary>
    /// The last L2 block that follows from L1 when the game is created; null for <see cref="Posted"/>.
    /// </summary>
    internal ulong? Last { get; init; }

    /// <summary>
    /// What is proposed; null for the right output when the honest side proposes, else for a made-up one.
    /// </summary>
    internal Bytes32? Root { get; init; }

    /// <summary>
    /// What is proposed instead of the right output of the claimed block, made of that; null for none.
    /// </summary>
    internal Func<OutputRoot, OutputRoot>? Forge { get; init; }

    /// <summary>The block whose right output is proposed, whatever block it is claimed for.</summary>
    internal ulong? RootOfBlock { get; init; }

    /// <summary>
    /// Bytes of a transaction of the thief that the program has to read, since it is on L1 before the
    /// batch; 0 for none.
    /// </summary>
    internal int LargeTransactionBytes { get; init; }

    /// <summary>
    /// What a transaction in block <see cref="CannonRig.AskingBlock"/> asks a precompiled contract; null for
    /// none.
    /// </summary>
    internal PrecompileQuestion? Question { get; init; }

    /// <summary>Whether batches are in blobs.</summary>
    internal bool InBlobs { get; init; }

    /// <summary>The kind of game.</summary>
    internal uint Type { get; init; } = GameTypes.Fault;

    /// <summary>
    /// Who proposes; null for the proposer when the honest side proposes, else for the thief.
    /// </summary>
    internal ArenaAccount? Proposer { get; init; }

    /// <summary>
    /// Who plays the honest side; null for the proposer when the honest side proposes, else for the
    /// challenger.
    /// </summary>
    internal ArenaAccount? Honest { get; init; }
}
