using System.Buffers.Binary;
using System.Collections.Generic;
using Culverin.Isa;

namespace Culverin.Analyze;

/// <summary>A system call instruction and what is known in front of it.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Number">r2, the call's number, if known.</param>
/// <param name="SecondArgument">r5, if known.</param>
internal sealed record SyscallSite(ulong Address, ulong? Number, ulong? SecondArgument);

/// <summary>
/// Functions read from top to bottom: where they lead to, whose addresses they take, which system calls they
/// make. Constants are followed along straight code only; at every branch target and after every call all
/// registers are unknown again.
/// </summary>
internal sealed class FunctionScan(GuestCode code, Decoder decoder, int wordBits)
{
    /// <summary>Most system call instructions kept of one program.</summary>
    public const int SyscallSitesMax = 1 << 16;

    private const int WordSizeBytes = 4;
    private const int NumberRegister = 2;
    private const int SecondArgumentRegister = 5;
    private const int ErrorRegister = 7;

    private readonly TracedStep _step = new(wordBits);
    private readonly HashSet<ulong> _joins = [];
    private List<int> _leadsTo = [];
    private List<int> _addressesTaken = [];

    /// <summary>The system calls of all functions read so far, up to <see cref="SyscallSitesMax"/>.</summary>
    public List<SyscallSite> Syscalls { get; } = [];

    /// <summary>Reads one function.</summary>
    /// <returns>
    /// Numbers of functions that it calls, jumps or falls into, and of those whose addresses it computes.
    /// </returns>
    public (List<int> LeadsTo, List<int> AddressesTaken) Read(CodeFunction function)
    {
        _leadsTo = [];
        _addressesTaken = [];
        FindJoins(function);
        Follow(function);
        return (_leadsTo, _addressesTaken);
    }

    private static ulong EndOf(CodeFunction function) =>
        function.Start + ((ulong)function.Words * WordSizeBytes);

    private static ulong AddressOf(CodeFunction function, int index) =>
        function.Start + ((ulong)index * WordSizeBytes);

    private static bool IsInside(CodeFunction function, ulong address) =>
        address >= function.Start && address < EndOf(function);

    private static void AddIfAny(List<int> list, int function)
    {
        if (function >= 0)
        {
            list.Add(function);
        }
    }

    private void FindJoins(CodeFunction function)
    {
        _joins.Clear();
        for (int index = 0; index < function.Words; index++)
        {
            _step.ForgetRegisters();
            Run(function, index);
            if (_step.Target is { } target && IsInside(function, target))
            {
                _joins.Add(target);
            }
        }
    }

    private void Follow(CodeFunction function)
    {
        bool isDelaySlot = false;
        bool isCall = false;
        bool isOver = false;
        _step.ForgetRegisters();
        for (int index = 0; index < function.Words; index++)
        {
            if (_joins.Contains(AddressOf(function, index)))
            {
                _step.ForgetRegisters();
                isOver = false;
            }

            Run(function, index);
            Note(function);
            if (isDelaySlot)
            {
                // A call that ends a function does not come back; one inside it does.
                _step.ForgetRegisters();
                isOver = !isCall || index == function.Words - 1;
            }

            isDelaySlot = _step.LeavesForGood || _step.Links;
            isCall = _step.Links;
        }

        // Hand-written assembly sometimes runs on into the next function.
        if (!isOver)
        {
            AddIfAny(_leadsTo, code.StartingAt(EndOf(function)));
        }
    }

    private void Note(CodeFunction function)
    {
        if (_step.Target is { } target && !IsInside(function, target))
        {
            AddIfAny(_leadsTo, code.Around(target));
        }

        if (_step.Written is { } value)
        {
            AddIfAny(_addressesTaken, code.StartingAt(value));
        }

        if (_step.IsSyscall)
        {
            if (Syscalls.Count < SyscallSitesMax)
            {
                Syscalls.Add(new SyscallSite(_step.Pc, Known(NumberRegister), Known(SecondArgumentRegister)));
            }

            _step.Forget(NumberRegister);
            _step.Forget(ErrorRegister);
        }
    }

    private ulong? Known(int register)
    {
        TracedValue value = _step.Get(register);
        return value.IsKnown ? _step.Cut(value.Value) : null;
    }

    private void Run(CodeFunction function, int index) => _step.Run(
        AddressOf(function, index),
        decoder.Decode(BinaryPrimitives.ReadUInt32BigEndian(
            code.BytesOf(function)[(index * WordSizeBytes)..])));
}
