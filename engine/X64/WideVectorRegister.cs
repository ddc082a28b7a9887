namespace Culverin.X64;

/// <summary>512-bit vector registers by their number in encodings.</summary>
internal enum WideVectorRegister : byte
{
    /// <summary>zmm0; the others follow, to zmm31 = 31.</summary>
    First = 0,

    /// <summary>zmm31.</summary>
    Last = 31,
}
