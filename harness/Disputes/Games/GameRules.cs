using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>What does not change in a game: the parameters of its contract.</summary>
public sealed record GameRules
{
    /// <summary>Depth of the claims that are settled by a step.</summary>
    public required int MaxDepth { get; init; }

    /// <summary>Depth of the last claims about output roots.</summary>
    public required int SplitDepth { get; init; }

    /// <summary>The most that one side may use of its time.</summary>
    public required ulong MaxClockSeconds { get; init; }

    /// <summary>What a side has left at least after a move.</summary>
    public required ulong ClockExtensionSeconds { get; init; }

    /// <summary>Hash of the virtual machine's first state.</summary>
    public required Bytes32 AbsolutePrestate { get; init; }

    /// <summary>The bond in wei of a claim at each depth, from 0 to <see cref="MaxDepth"/>.</summary>
    public required IReadOnlyList<BigInteger> Bonds { get; init; }

    /// <summary>
    /// Whether positions behind the claimed block are about later blocks, and not all about the claimed one:
    /// so it is in version 1.2.0 of the contract. There a right claim about a block can be refuted when L1
    /// holds data of later ones.
    /// </summary>
    public bool CountsPastClaimedBlock { get; init; }

    /// <summary>Levels of the tree about one output root, below its first claim.</summary>
    public int ExecutionDepth => MaxDepth - SplitDepth - 1;

    /// <summary>
    /// Throws <see cref="ChainException"/> when the parameters are none that a game can be played with.
    /// </summary>
    public void Validate()
    {
        bool isPlayable = SplitDepth > 1
            && SplitDepth + 1 < MaxDepth
            && MaxDepth <= Position.DepthMax
            && ClockExtensionSeconds <= MaxClockSeconds
            && Bonds.Count == MaxDepth + 1;
        if (!isPlayable)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"A game of depth {MaxDepth}, split at {SplitDepth}, with {Bonds.Count} bonds and clocks of "
                    + $"{ClockExtensionSeconds} in {MaxClockSeconds} s cannot be played.");
        }
    }
}
