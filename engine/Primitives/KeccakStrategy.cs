namespace Culverin.Primitives;

/// <summary>A way to compute Keccak-256; every strategy gives the same bytes.</summary>
internal enum KeccakStrategy
{
    /// <summary>One input at a time in general registers: the specification, available everywhere.</summary>
    Scalar = 0,

    /// <summary>Four inputs at a time in 256-bit vectors.</summary>
    Avx2 = 1,

    /// <summary>Eight inputs at a time in 512-bit vectors.</summary>
    Avx512 = 2,
}
