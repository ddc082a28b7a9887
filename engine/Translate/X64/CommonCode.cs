using System.Runtime.InteropServices;
using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>The ways into generated code and out of it, at the start of the code memory.</summary>
/// <remarks>
/// The entry is a C function of two pointers: the state's native block, and the code to start at. On an exit
/// rax holds the guest address to go on at, and after <see cref="Link"/> rcx the number of the link.
/// </remarks>
internal sealed class CommonCode
{
    private readonly Assembler _code;
    private readonly PinnedRegisters _pins;
    private readonly OperandSize _word;
    private readonly int _wordSizeBytes;

    /// <summary>Writes the code at offset 0, where the jump table's empty entries lead.</summary>
    public CommonCode(Assembler code, PinnedRegisters pins, bool wide)
    {
        _code = code;
        _pins = pins;
        _word = wide ? OperandSize.Bits64 : OperandSize.Bits32;
        _wordSizeBytes = wide ? sizeof(ulong) : sizeof(uint);

        // The miss must come first and the common end last; a jump joins them.
        WriteExit(ExitKind.Miss);
        int missEnd = _code.Jmp();
        SideExit = _code.Position;
        WriteExit(ExitKind.SideExit);
        int sideExitEnd = _code.Jmp();
        Budget = _code.Position;
        WriteExit(ExitKind.Budget);
        int budgetEnd = _code.Jmp();
        Link = _code.Position;
        _code.MovInto(
            OperandSize.Bits32, HostLayout.FrameField(TranslatorFrame.ExitLinkOffset), Register.Rcx);
        WriteExit(ExitKind.Link);
        _code.Bind(missEnd);
        _code.Bind(sideExitEnd);
        _code.Bind(budgetEnd);
        WriteLeave();
        Entry = _code.Position;
        WriteEntry();
    }

    /// <summary>Offset of the miss exit.</summary>
    public const int Miss = 0;

    /// <summary>Offset of the exit to the interpreter.</summary>
    public int SideExit { get; }

    /// <summary>Offset of the exit for lack of budget.</summary>
    public int Budget { get; }

    /// <summary>Offset of the exit that asks for a link.</summary>
    public int Link { get; }

    /// <summary>Offset of the entry.</summary>
    public int Entry { get; }

    private void WriteExit(ExitKind kind)
    {
        _code.MovInto(_word, StateWord(GuestRegister.PcWord), Register.Rax);
        _code.AluImmediate(AluOperation.Add, _word, Register.Rax, 4);
        _code.MovInto(_word, StateWord(GuestRegister.NextPcWord), Register.Rax);
        _code.MovImmediate(
            OperandSize.Bits32, HostLayout.FrameField(TranslatorFrame.ExitOffset), (int)kind);
    }

    private void WriteLeave()
    {
        ForEachPin((home, host) => _code.MovInto(_word, home, host));
        _code.MovInto(
            OperandSize.Bits64, HostLayout.FrameField(TranslatorFrame.BudgetOffset), HostLayout.Budget);
        foreach (Register register in HostLayout.Preserved.AsSpan())
        {
            _code.Pop(register);
        }

        _code.Ret();
    }

    private void WriteEntry()
    {
        for (int index = HostLayout.Preserved.Length - 1; index >= 0; index--)
        {
            _code.Push(HostLayout.Preserved[index]);
        }

        bool isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        Register block = isWindows ? Register.Rcx : Register.Rdi;
        Register target = isWindows ? Register.Rdx : Register.Rsi;
        _code.Mov(OperandSize.Bits64, Register.Rax, target);
        _code.Lea(OperandSize.Bits64, HostLayout.State, Operand.At(block, HostLayout.StateBias));
        _code.Mov(
            OperandSize.Bits64, HostLayout.Memory, HostLayout.FrameField(TranslatorFrame.MemoryOffset));
        _code.Mov(
            OperandSize.Bits64, HostLayout.Budget, HostLayout.FrameField(TranslatorFrame.BudgetOffset));
        ForEachPin((home, host) => _code.Mov(_word, host, home));
        _code.JmpIndirect(Register.Rax);
    }

    private void ForEachPin(Action<Operand, Register> action)
    {
        for (int register = 0; register < GuestRegister.Count; register++)
        {
            if (_pins.IsPinned(register))
            {
                action(_pins.HomeOf(register), _pins[register].Register);
            }
        }
    }

    private Operand StateWord(int word) =>
        Operand.At(HostLayout.State, (word * _wordSizeBytes) - HostLayout.StateBias);
}
