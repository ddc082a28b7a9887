namespace Culverin.X64;

/// <summary>
/// What an instruction's r/m field can name: a register, or memory at base + index × scale + displacement.
/// </summary>
internal readonly struct Operand
{
    private Operand(
        Register register, Register index, byte scaleShift, bool hasIndex, bool isMemory, int displacement)
    {
        Register = register;
        Index = index;
        ScaleShift = scaleShift;
        HasIndex = hasIndex;
        IsMemory = isMemory;
        Displacement = displacement;
    }

    /// <summary>The register, or the base of the address.</summary>
    public Register Register { get; }

    /// <summary>The index; meaningful if <see cref="HasIndex"/>.</summary>
    public Register Index { get; }

    /// <summary>log2 of the scale of the index, 0 to 3.</summary>
    public byte ScaleShift { get; }

    /// <summary>Whether the address has an index.</summary>
    public bool HasIndex { get; }

    /// <summary>Whether it is memory.</summary>
    public bool IsMemory { get; }

    /// <summary>Bytes added to the address.</summary>
    public int Displacement { get; }

    /// <summary>A register is an operand.</summary>
    public static implicit operator Operand(Register register) => Of(register);

    /// <summary>A register.</summary>
    public static Operand Of(Register register) => new(register, default, 0, false, false, 0);

    /// <summary>A vector register.</summary>
    public static Operand Of(VectorRegister register) => Of((Register)register);

    /// <summary>Memory at base + displacement.</summary>
    public static Operand At(Register baseRegister, int displacement) =>
        new(baseRegister, default, 0, false, true, displacement);

    /// <summary>Memory at base + index × 2^scaleShift + displacement; rsp cannot be an index.</summary>
    public static Operand At(Register baseRegister, Register index, int scaleShift, int displacement) =>
        new(baseRegister, index, (byte)scaleShift, true, true, displacement);

    /// <summary>Whether it is this register.</summary>
    public bool Is(Register register) => !IsMemory && Register == register;

    /// <summary>Whether it is this register, or memory whose address needs it.</summary>
    public bool Uses(Register register) =>
        Register == register || (IsMemory && HasIndex && Index == register);
}
