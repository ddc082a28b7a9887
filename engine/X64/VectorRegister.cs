namespace Culverin.X64;

/// <summary>256-bit vector registers by their number in encodings.</summary>
internal enum VectorRegister : byte
{
    /// <summary>ymm0; the others follow, to ymm15 = 15.</summary>
    First = 0,

    /// <summary>ymm15.</summary>
    Last = 15,
}
