using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// What generated code keeps in which host register, and where its frame is. Everything else is either pinned
/// to a guest register or a temporary of one instruction.
/// </summary>
internal static class HostLayout
{
    /// <summary>
    /// The state's native block plus <see cref="StateBias"/>, so that all guest registers are within a
    /// displacement of one byte.
    /// </summary>
    public const Register State = Register.Rbp;

    /// <summary>Host address of guest address 0; for 64-bit words the tables of slots.</summary>
    public const Register Memory = Register.R15;

    /// <summary>Steps left.</summary>
    public const Register Budget = Register.R14;

    /// <summary>Distance of <see cref="State"/> from the start of the block, in bytes.</summary>
    public const int StateBias = 128;

    /// <summary>Registers that hold values inside one instruction.</summary>
    public static readonly Register[] Temporaries = [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi];

    /// <summary>A bit for each of <see cref="Temporaries"/>.</summary>
    public static readonly int TemporaryMask = Temporaries.Aggregate(
        0, (mask, register) => mask | (1 << (int)register));

    /// <summary>Registers that hold guest registers throughout.</summary>
    public static readonly Register[] Pins =
    [
        Register.Rbx, Register.Rdi, Register.R8, Register.R9,
        Register.R10, Register.R11, Register.R12, Register.R13,
    ];

    /// <summary>Registers that a C function leaves as they were, on any system.</summary>
    public static readonly Register[] Preserved =
    [
        Register.Rbx, Register.Rbp, Register.Rsi, Register.Rdi,
        Register.R12, Register.R13, Register.R14, Register.R15,
    ];

    /// <summary>A field of the frame.</summary>
    /// <param name="fieldOffset">Its offset in the frame, in bytes.</param>
    public static Operand FrameField(int fieldOffset) =>
        Operand.At(State, TranslatorFrame.BlockOffset - StateBias + fieldOffset);
}
