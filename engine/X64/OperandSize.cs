namespace Culverin.X64;

/// <summary>How much of its operands an instruction works on. Writing 32 bits clears the upper 32.</summary>
internal enum OperandSize : byte
{
    /// <summary>8 bits.</summary>
    Bits8,

    /// <summary>16 bits.</summary>
    Bits16,

    /// <summary>32 bits.</summary>
    Bits32,

    /// <summary>64 bits.</summary>
    Bits64,
}
