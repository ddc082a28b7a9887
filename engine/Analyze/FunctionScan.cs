using System.Buffers.Binary;
using Culverin.Analyze.Values;
using Culverin.Isa;

namespace Culverin.Analyze;

/// <summary>Called for a way from one function into another.</summary>
/// <param name="address">
/// Address of the call, jump or branch, or of the last instruction before falling in.
/// </param>
/// <param name="valueOf">What is known there of a register or stack word at the other's entry.</param>
internal delegate void CallVisitor(ulong address, Func<AbstractValue, AbstractValue> valueOf);

/// <summary>
/// Functions read on their own: where they lead to, whose addresses they take, which system calls they make.
/// </summary>
/// <remarks>
/// What is known at an instruction is what holds on all ways that lead there from the function's entry. In
/// functions that jump to computed addresses other than the return address, and in very large ones,
/// everything is unknown again where code joins in. A called function is believed to keep the stack pointer
/// and, in programs that are not Go's, the registers that the calling convention says.
/// </remarks>
/// <param name="code">The functions.</param>
/// <param name="decoder">The version's.</param>
/// <param name="wordBits">Bits of a word: 32 or 64.</param>
/// <param name="exitNumber">Number of the system call that ends the program.</param>
/// <param name="isGo">Whether it is a Go program.</param>
internal sealed class FunctionScan(
    GuestCode code, Decoder decoder, int wordBits, ulong exitNumber, bool isGo)
{
    private const int WordSizeBytes = 4;
    private const int NumberRegister = 2;
    private const int SecondArgumentRegister = 5;
    private const int ErrorRegister = 7;
    private const int StackPointer = 29;
    private const int CalleeRegister = 25;
    private const int ReturnAddress = 31;
    private const int PassesMax = 12;

    /// <summary>Most branch targets of a function that are followed with what is known there.</summary>
    private const int JoinsMax = 1 << 14;

    /// <summary>Most words of a function that is read so often.</summary>
    private const int WordsMax = 1 << 20;

    /// <summary>
    /// The stack pointer, and s0 to s7, gp and fp: what a called function gives back unchanged.
    /// </summary>
    private const uint KeptByGo = 1u << StackPointer;
    private const uint KeptByC = KeptByGo | 0xFFu << 16 | 1u << 28 | 1u << 30;

    /// <summary>
    /// Go's 64-bit programs keep the upper half of their addresses, a constant, in register 28.
    /// </summary>
    private readonly AbstractStep _step = new(
        wordBits, isGo && wordBits == 64 ? code.EntryPoint >> 32 << 32 : null);

    private readonly Dictionary<ulong, AbstractState?> _joins = [];
    private readonly Dictionary<int, int> _taken = [];
    private FunctionFacts _facts = new();
    private CodeFunction _function = null!;
    private int _lastWord;
    private bool _isFollowed;
    private bool _isChanged;
    private bool _isUnknownReached;
    private bool _isReached;
    private bool _isWatching;
    private int _wantedCallee = -1;
    private CallVisitor? _visitor;

    /// <summary>Variables whose uses are noted; null for none.</summary>
    public VariableUses? Watched { get; set; }

    /// <summary>Reads one function.</summary>
    public FunctionFacts Read(CodeFunction function)
    {
        _function = function;
        FindJoins();
        _step.Enter();
        _isUnknownReached = !_isFollowed;
        for (int pass = 0; pass < 2 * PassesMax; pass++)
        {
            int changedArguments = _step.ChangedArguments;
            _isChanged = false;
            Follow();
            if (_isChanged || changedArguments != _step.ChangedArguments)
            {
                _isFollowed &= pass < PassesMax;
                _isUnknownReached |= !_isFollowed;
            }
            else if (_isUnknownReached)
            {
                break;
            }
            else
            {
                _isUnknownReached = true;
            }
        }

        if (Watched is not null)
        {
            _isWatching = true;
            Follow();
            _isWatching = false;
        }

        foreach ((int taken, int count) in _taken)
        {
            if (count > 0)
            {
                _facts.AddressesTaken.Add(taken);
            }
        }

        return _facts;
    }

    /// <summary>Reads a function again, for the places where it enters another one at its start.</summary>
    public void ReadCalls(CodeFunction caller, int callee, CallVisitor visitor)
    {
        _ = Read(caller);
        _wantedCallee = callee;
        _visitor = visitor;
        Follow();
        _wantedCallee = -1;
        _visitor = null;
    }

    private static ulong EndOf(CodeFunction function) =>
        function.Start + ((ulong)function.Words * WordSizeBytes);

    private ulong AddressOf(int index) => _function.Start + ((ulong)index * WordSizeBytes);

    private bool IsInside(ulong address) => address >= _function.Start && address < EndOf(_function);

    private void FindJoins()
    {
        _joins.Clear();
        bool isComputed = false;
        _step.State.Forget();
        for (int index = 0; index < _function.Words; index++)
        {
            Instruction instruction = Run(index);
            if (_step.Target is { } target)
            {
                if (IsInside(target))
                {
                    _joins[target] = null;
                }
            }
            else
            {
                isComputed |= _step.MayBranch && !_step.Links && instruction.Rs != ReturnAddress;
            }

            _step.State.Forget();
        }

        ReadOnlySpan<byte> bytes = code.BytesOf(_function);
        _lastWord = bytes.LastIndexOfAnyExcept((byte)0) / WordSizeBytes;
        _isFollowed = !isComputed && _joins.Count <= JoinsMax && _function.Words <= WordsMax;
    }

    private void Follow()
    {
        _facts = new FunctionFacts();
        _taken.Clear();
        _isReached = true;
        _step.State.Enter();
        Branch? branch = null;
        bool isOver = false;
        for (int index = 0; index < _function.Words; index++)
        {
            if (_joins.TryGetValue(AddressOf(index), out AbstractState? known))
            {
                Join(AddressOf(index), known);
                isOver = false;
            }

            // Perhaps a computed jump leads to code to which no way was found; nothing is known there.
            _isReached |= _isUnknownReached;

            Instruction instruction = Run(index);
            bool isExit = Note(instruction);
            Branch? next = _step.MayBranch || _step.Links
                ? new Branch(_step.Pc, _step.Target, _step.LeavesForGood, _step.Links)
                : null;
            if (branch is { } taken)
            {
                // A call that ends a function, but for padding, does not come back; one inside it does.
                isOver = Take(taken) && (!taken.IsCall || index >= _lastWord);
            }

            branch = next;
            if (isExit)
            {
                _step.State.Forget();
                _isReached = false;
                isOver = true;
            }
        }

        // Hand-written assembly sometimes runs on into the next function.
        if (!isOver)
        {
            LeadTo(EndOf(_function), AddressOf(_function.Words - 1), isFallingIn: true);
        }
    }

    private void Join(ulong address, AbstractState? known)
    {
        if (!_isFollowed)
        {
            _step.State.Forget();
            _isReached = true;
            return;
        }

        if (_isReached || (known is null && _isUnknownReached))
        {
            MeetAt(address, known);
            known = _joins[address];
        }

        if (known is not null)
        {
            _step.State.Copy(known);
            _isReached = true;
        }
    }

    private void MeetAt(ulong address, AbstractState? known)
    {
        if (known is null)
        {
            var state = new AbstractState();
            state.Copy(_step.State);
            _joins[address] = state;
            _isChanged = true;
        }
        else
        {
            _isChanged |= known.Meet(_step.State);
        }
    }

    // After the delay slot. True if what follows is reached from elsewhere only, unless the call comes back.
    private bool Take(Branch branch)
    {
        if (branch.Target is { } target)
        {
            bool isRecursion = branch.IsCall && target == _function.Start;
            if (!IsInside(target) || isRecursion)
            {
                LeadTo(target, branch.Address);
            }
            else if (_isFollowed && _isReached)
            {
                MeetAt(target, _joins[target]);
            }
        }

        if (branch.IsCall)
        {
            _step.State.ForgetAfterCall(isGo ? KeptByGo : KeptByC);
        }
        else if (branch.LeavesForGood)
        {
            _step.State.Forget();
            _isReached = false;
        }

        return branch.IsCall || branch.LeavesForGood;
    }

    private void LeadTo(ulong target, ulong from, bool isFallingIn = false)
    {
        int callee = code.StartingAt(target);
        if (callee >= 0)
        {
            _facts.LeadsTo.Add(callee);
            if (callee == _wantedCallee)
            {
                _visitor!(from, ValueAtEntry);
            }

            return;
        }

        int around = code.Around(target);
        if (around >= 0)
        {
            _facts.LeadsInside.Add(around);
        }
        else if (!isFallingIn && code.IsLoadedCode(target))
        {
            _facts.Stray ??= target;
        }
    }

    private AbstractValue ValueAtEntry(AbstractValue wanted) => wanted.Origin switch
    {
        ValueOrigin.Constant or ValueOrigin.Variable => wanted,
        ValueOrigin.Register => _step.State[wanted.Place],
        ValueOrigin.Stack when AbstractState.StackOffsetOf(_step.State[StackPointer]) is { } offset =>
            _step.AtStack(offset + wanted.Place),
        _ => AbstractValue.Unknown,
    };

    // True if the program ends there.
    private bool Note(Instruction instruction)
    {
        CountTaken(_step.Written, 1);
        CountTaken(_step.Kept, 1);
        if (_step.Target is { } target && (Holds(instruction.Rs, target) || Holds(CalleeRegister, target)))
        {
            // The address was computed to be called.
            CountTaken(target, -1);
        }

        if (_isWatching)
        {
            Watched!.Note(_step.Written, _step.Kept, _step.StoredTo);
        }

        if (!_step.IsSyscall)
        {
            return false;
        }

        bool isExit = Holds(NumberRegister, exitNumber);
        _facts.Syscalls.Add(new SyscallInstruction(
            _step.Pc, _step.State[NumberRegister], _step.State[SecondArgumentRegister]));
        _step.State[NumberRegister] = AbstractValue.Unknown;
        _step.State[ErrorRegister] = AbstractValue.Unknown;
        return isExit;
    }

    private bool Holds(int register, ulong value) =>
        _step.State[register] is { IsKnown: true } known && _step.Cut(known.Value) == value;

    private void CountTaken(ulong? address, int change)
    {
        if (address is { } value && code.StartingAt(value) is >= 0 and int function)
        {
            _taken[function] = _taken.GetValueOrDefault(function) + change;
        }
    }

    private Instruction Run(int index)
    {
        Instruction instruction = decoder.Decode(BinaryPrimitives.ReadUInt32BigEndian(
            code.BytesOf(_function)[(index * WordSizeBytes)..]));
        _step.Run(AddressOf(index), instruction);
        return instruction;
    }

    private readonly record struct Branch(ulong Address, ulong? Target, bool LeavesForGood, bool IsCall);
}
