using System.Runtime.InteropServices;

namespace Culverin.Isa;

/// <summary>
/// A decoded instruction: 8 bytes, also the unit of the decode cache. Zero means "not decoded yet", since
/// opcode number 0 is kept for that.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Instruction
{
    /// <summary>Number of the instruction's row in <see cref="InstructionSet"/>; 0 = not decoded.</summary>
    public readonly byte Opcode;

    /// <summary>Register field rs, 0 to 31.</summary>
    public readonly byte Rs;

    /// <summary>Register field rt, 0 to 31.</summary>
    public readonly byte Rt;

    /// <summary>Register field rd, 0 to 31.</summary>
    public readonly byte Rd;

    private readonly int _immediate;

    /// <summary>Takes an instruction word apart.</summary>
    /// <param name="opcode">Number of the matching row.</param>
    /// <param name="format">The row's format: says what the immediate is.</param>
    /// <param name="bits">The instruction word.</param>
    public Instruction(byte opcode, InstructionFormat format, uint bits)
    {
        Opcode = opcode;
        Rs = (byte)((bits >> 21) & 31);
        Rt = (byte)((bits >> 16) & 31);
        Rd = (byte)((bits >> 11) & 31);
        _immediate = format switch
        {
            InstructionFormat.Immediate => (short)bits,
            InstructionFormat.Jump => (int)(bits & 0x03FF_FFFF),
            _ => (int)((bits >> 6) & 31),
        };
    }

    /// <summary>Shift amount sa of a register-format instruction, 0 to 31.</summary>
    public int ShiftAmount => _immediate;

    /// <summary>The 16-bit immediate, sign-extended.</summary>
    public int SignedImmediate => _immediate;

    /// <summary>The 16-bit immediate, zero-extended.</summary>
    public int UnsignedImmediate => (ushort)_immediate;

    /// <summary>The 26-bit index of a jump, in instructions.</summary>
    public int JumpIndex => _immediate;
}
