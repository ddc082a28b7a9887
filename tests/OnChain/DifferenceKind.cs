namespace Culverin.OnChain.Tests;

/// <summary>
/// The ways in which the deployed contracts and the reference's versions, which the engine follows, differ.
/// The README beside this file tells each.
/// </summary>
internal enum DifferenceKind
{
    /// <summary>srav by 32 or more.</summary>
    SravAmount,

    /// <summary>mmap beyond the heap's end.</summary>
    MmapEnd,

    /// <summary>An exited byte above 1, which no execution makes.</summary>
    ExitedByte,

    /// <summary>getrandom into a reserved word.</summary>
    ReservedGetrandom,

    /// <summary>A byte of the stacks' direction above 1, which no execution makes.</summary>
    DirectionByte,

    /// <summary>A thread's exited byte above 1, which no execution makes.</summary>
    ThreadExitedByte,

    /// <summary>Witnesses and proofs of other sizes.</summary>
    OtherSizes,
}
