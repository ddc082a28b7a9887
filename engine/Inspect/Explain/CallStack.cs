using System.Buffers.Binary;
using Culverin.Inspect.Symbols;
using Culverin.State;

namespace Culverin.Inspect.Explain;

/// <summary>
/// Finds out who called whom on a thread's stack: by the Go runtime's own table, by call frame information,
/// or by reading a function's first instructions, whichever the program has.
/// </summary>
/// <remarks>
/// It follows Go's runtime from the system stack to the goroutine that changed to it, as
/// src/runtime/traceback.go of Go does. What a stack holds may be anything, so it never trusts it: the walk
/// ends where nothing is known, and after <see cref="FramesMax"/> calls.
/// </remarks>
internal sealed class CallStack(MachineImage image, ProgramSymbols symbols)
{
    /// <summary>Most calls that are told of a stack.</summary>
    public const int FramesMax = 256;

    private const int StackRegister = 29;
    private const int ReturnRegister = 31;
    private const int PrologueMaxBytes = 4096;
    private const int InstructionBytes = 4;

    private readonly int _wordBytes = image.Features.WordBits / 8;

    /// <summary>The calls of a thread, innermost first.</summary>
    public IReadOnlyList<StackFrame> Of(ThreadView thread)
    {
        ulong[] registers = [.. thread.Registers];
        ulong address = thread.ProgramCounter;
        bool canSwitch = IsOnSystemStack(registers[GoStackSwitch.GoroutineRegister]);
        List<StackFrame> frames = [];
        while (frames.Count < FramesMax)
        {
            // A return address may be behind the end of its function, if the call does not return.
            ulong lookup = frames.Count == 0 ? address : unchecked(address - 1) & ~3UL;
            IReadOnlyList<SourceFrame> functions = symbols.FramesAt(lookup);
            if (frames.Count > 0 && functions is [{ Function: "" }])
            {
                break;
            }

            ulong stackPointer = registers[StackRegister];
            frames.Add(new StackFrame(address, stackPointer, functions));
            ulong? caller = FindCaller(lookup, registers, frames.Count == 1, ref canSwitch);
            if (caller is null or 0 || (caller == address && registers[StackRegister] == stackPointer))
            {
                break;
            }

            address = caller.Value;
        }

        return frames;
    }

    // Changes the registers to the caller's and gives the address that the call returns to.
    private ulong? FindCaller(ulong lookup, ulong[] registers, bool isInnermost, ref bool canSwitch)
    {
        if (symbols.GoFunctions?.FunctionAt(lookup) is { } function)
        {
            return GoStackSwitch.IsOutermost(function.Name)
                ? null
                : FindGoCaller(function, lookup, registers, isInnermost, ref canSwitch);
        }

        if (symbols.Frames?.At(lookup) is { FrameRegister: not null } rules)
        {
            return ByRules(rules, registers, isInnermost);
        }

        return ByPrologue(lookup, registers, isInnermost);
    }

    private ulong? FindGoCaller(
        GoFunction function, ulong lookup, ulong[] registers, bool isInnermost, ref bool canSwitch)
    {
        if (symbols.GoFunctions!.FrameSizeAt(function, lookup) is not { } size || size < 0)
        {
            return null;
        }

        if (canSwitch && function.Name == GoStackSwitch.MoreStackFunction)
        {
            canSwitch = false;
            return LeaveMoreStack(registers);
        }

        if (canSwitch && size > 0 && function.Name == GoStackSwitch.SystemStackFunction)
        {
            canSwitch = false;
            GoStackSwitch places = symbols.StackSwitch!;
            registers[StackRegister] = Word(Goroutine(registers) + places.Schedule + places.StackPointer);
        }

        // A function without a frame of its own leaves the return address where the call put it.
        ulong stackPointer = registers[StackRegister];
        if (size == 0)
        {
            return isInnermost ? registers[ReturnRegister] : null;
        }

        registers[StackRegister] = Cut(stackPointer + (ulong)size);
        return Word(stackPointer);
    }

    private ulong? LeaveMoreStack(ulong[] registers)
    {
        GoStackSwitch places = symbols.StackSwitch!;
        ulong schedule = Goroutine(registers) + places.Schedule;
        registers[StackRegister] = Word(schedule + places.StackPointer);
        registers[ReturnRegister] = Word(schedule + places.ReturnAddress);

        // The goroutine stands in front of its first instruction that needs the larger stack.
        return registers[ReturnRegister];
    }

    private bool IsOnSystemStack(ulong goroutine)
    {
        if (symbols.StackSwitch is not { } places || goroutine == 0)
        {
            return false;
        }

        ulong thread = Word(goroutine + places.ThreadOfGoroutine);
        return thread != 0
            && Word(thread + places.SystemGoroutine) == goroutine
            && Word(thread + places.CurrentGoroutine) is not 0;
    }

    private ulong Goroutine(ulong[] registers)
    {
        GoStackSwitch places = symbols.StackSwitch!;
        ulong thread = Word(registers[GoStackSwitch.GoroutineRegister] + places.ThreadOfGoroutine);
        return Word(thread + places.CurrentGoroutine);
    }

    private ulong? ByRules(FrameRules rules, ulong[] registers, bool isInnermost)
    {
        ulong frame = unchecked(registers[rules.FrameRegister!.Value] + (ulong)rules.FrameOffset);
        bool isReturnSaved = rules.Saved[rules.ReturnColumn] is not null;
        if (!isReturnSaved && !isInnermost)
        {
            return null;
        }

        for (int register = 1; register < FrameRules.RegisterCount; register++)
        {
            if (rules.Saved[register] is { } offset && register != StackRegister)
            {
                registers[register] = Word(unchecked(frame + (ulong)offset));
            }
        }

        registers[StackRegister] = Cut(frame);
        return registers[rules.ReturnColumn];
    }

    // Of code without any table: what its first instructions do to the stack pointer and where they put the
    // return address.
    private ulong? ByPrologue(ulong lookup, ulong[] registers, bool isInnermost)
    {
        if (symbols.FunctionAt(lookup) is not { } function || lookup - function.Start > PrologueMaxBytes)
        {
            return isInnermost ? registers[ReturnRegister] : null;
        }

        ulong size = 0;
        ulong? saved = null;
        for (ulong at = function.Start; at < lookup; at += InstructionBytes)
        {
            uint word = image.Memory.ReadUInt32(at);
            long immediate = (short)word;
            if (word >> 16 is 0x27BD or 0x67BD && immediate < 0)
            {
                size += (ulong)-immediate;
            }
            else if (word >> 16 is 0xAFBF or 0xFFBF)
            {
                saved = (ulong)immediate;
            }
        }

        if (saved is null && !isInnermost)
        {
            return null;
        }

        ulong stackPointer = registers[StackRegister];
        registers[StackRegister] = Cut(stackPointer + size);
        return saved is { } offset ? Word(unchecked(stackPointer + offset)) : registers[ReturnRegister];
    }

    private ulong Cut(ulong address) => _wordBytes == sizeof(uint) ? (uint)address : address;

    private ulong Word(ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        image.Memory.ReadBytes(Cut(address), bytes[.._wordBytes]);
        return _wordBytes == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
