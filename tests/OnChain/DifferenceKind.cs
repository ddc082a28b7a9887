namespace Culverin.OnChain.Tests;

/// <summary>The ways in which the deployed contract and the reference's version 0 differ.</summary>
internal enum DifferenceKind
{
    /// <summary>srav by 32 or more: the contract answers 0, the reference uses the low 5 bits.</summary>
    SravAmount,

    /// <summary>mmap beyond the heap's end: the contract grants it, the reference answers EINVAL.</summary>
    MmapEnd,

    /// <summary>
    /// An exited byte above 1, which no execution makes: the contract hands the state back as unfinished,
    /// the twin refuses the witness as malformed.
    /// </summary>
    ExitedByte,
}
