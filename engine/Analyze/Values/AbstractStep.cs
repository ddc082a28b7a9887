using Culverin.Isa;

namespace Culverin.Analyze.Values;

/// <summary>
/// What is known of the registers, and what the instruction looked at last does to the control flow.
/// </summary>
/// <param name="wordBits">Bits of a word: 32 or 64.</param>
/// <param name="globalPointer">What register 28 always holds; null if that is not known.</param>
internal sealed class AbstractStep(int wordBits, ulong? globalPointer = null)
{
    private const int GlobalPointer = 28;
    private const int StackPointer = 29;

    private static readonly Action<AbstractStep, Instruction>[] Bodies = BodyCollector.Collect();

    // Words of the caller's frame from here on may have been changed by others, or by this function.
    private readonly HashSet<int> _changedArguments = [];
    private int _firstOpenArgument = int.MaxValue;

    /// <summary>Bits of a word: 32 or 64.</summary>
    public int WordBits { get; } = wordBits;

    /// <summary>What is known here.</summary>
    public AbstractState State { get; } = new();

    /// <summary>
    /// How much of the caller's frame the function is known to change; what is loaded from there is no
    /// argument.
    /// </summary>
    public int ChangedArguments => _changedArguments.Count + (_firstOpenArgument == int.MaxValue ? 0 : 1);

    /// <summary>Address of the instruction.</summary>
    public ulong Pc { get; private set; }

    /// <summary>Where it branches or jumps to; null if it does not, or nobody knows.</summary>
    public ulong? Target { get; private set; }

    /// <summary>Whether it is a jump, or a branch that may be taken.</summary>
    public bool MayBranch { get; private set; }

    /// <summary>Whether what follows its delay slot is reached only from elsewhere.</summary>
    public bool LeavesForGood { get; private set; }

    /// <summary>Whether it notes where to come back to: a call.</summary>
    public bool Links { get; set; }

    /// <summary>Whether it is a system call.</summary>
    public bool IsSyscall { get; set; }

    /// <summary>The word it wrote to a register, if known.</summary>
    public ulong? Written { get; private set; }

    /// <summary>The word it stored to memory, if known.</summary>
    public ulong? Kept { get; private set; }

    /// <summary>The fixed address of memory that it stored to, and what; null if there is none.</summary>
    public (ulong Address, AbstractValue Value)? StoredTo { get; private set; }

    private int WordSizeBytes => WordBits / 8;

    /// <summary>What a register is known to hold.</summary>
    public AbstractValue Get(int register) => register == GlobalPointer && globalPointer is { } always
        ? AbstractValue.Of(always)
        : State[register];

    /// <summary>Notes a register's new value.</summary>
    public void Set(int register, AbstractValue value)
    {
        State[register] = value;

        // Where a call comes back to is no address of a function.
        Written = value.IsKnown && !Links ? Cut(value.Value) : null;
        if (register != StackPointer && AbstractState.StackOffsetOf(value) is { } offset && offset >= 0)
        {
            Open(offset);
        }
    }

    /// <summary>What is known of a loaded word.</summary>
    public AbstractValue Load(AbstractValue address, Width width) =>
        (int)width != WordSizeBytes ? AbstractValue.Unknown
        : address.IsKnown ? AbstractValue.OfVariable(address.Value)
        : AbstractState.StackOffsetOf(address) is { } offset ? AtStack(offset)
        : AbstractValue.Unknown;

    /// <summary>What is known of the word so far above the stack pointer at the function's entry.</summary>
    public AbstractValue AtStack(int offset)
    {
        if (State.Stored(offset) is { } stored)
        {
            return stored;
        }

        bool isArgument = offset >= 0 && offset < _firstOpenArgument && !_changedArguments.Contains(offset);
        return isArgument ? AbstractValue.OfStack(offset) : AbstractValue.Unknown;
    }

    /// <summary>Notes a store.</summary>
    public void Store(AbstractValue address, Width width, AbstractValue value)
    {
        if (value.IsKnown)
        {
            Kept = Cut(value.Value);
        }

        if (AbstractState.StackOffsetOf(address) is not { } offset)
        {
            // Variables at fixed addresses are not on the stack; all others may be.
            if (address.IsKnown)
            {
                StoredTo = (Cut(address.Value), (int)width == WordSizeBytes ? value : AbstractValue.Unknown);
            }
            else
            {
                State.ForgetAllStored();
            }

            return;
        }

        if ((int)width == WordSizeBytes)
        {
            State.Store(offset, value, WordSizeBytes);
        }
        else
        {
            State.ForgetStored(offset, (int)width, WordSizeBytes);
        }

        if (offset + (int)width > 0 && value != AbstractValue.OfStack(offset))
        {
            _changedArguments.Add(offset & -WordSizeBytes);
        }
    }

    /// <summary>Begins a function.</summary>
    public void Enter()
    {
        _changedArguments.Clear();
        _firstOpenArgument = int.MaxValue;
    }

    /// <summary>Notes a jump or branch.</summary>
    public void Go(ulong? target, bool isCertain)
    {
        MayBranch = true;
        Target = target is { } address ? Cut(address) : null;
        LeavesForGood = isCertain;
    }

    /// <summary>Runs an instruction's body.</summary>
    public void Run(ulong pc, Instruction instruction)
    {
        Pc = pc;
        Target = null;
        Written = null;
        Kept = null;
        StoredTo = null;
        MayBranch = false;
        LeavesForGood = false;
        Links = false;
        IsSyscall = false;
        Bodies[instruction.Opcode](this, instruction);
    }

    /// <summary>A value as the unsigned word that it is in a register.</summary>
    public ulong Cut(ulong value) => WordBits == 32 ? (uint)value : value;

    // Whoever gets the address may change what stands there and behind it.
    private void Open(int offset) => _firstOpenArgument = Math.Min(_firstOpenArgument, offset);

    private readonly struct BodyCollector(List<Action<AbstractStep, Instruction>> bodies)
        : IInstructionVisitor
    {
        public static Action<AbstractStep, Instruction>[] Collect()
        {
            List<Action<AbstractStep, Instruction>> bodies = [(_, _) => { }];
            var collector = new BodyCollector(bodies);
            InstructionSet.VisitAll(ref collector);
            return [.. bodies];
        }

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction => bodies.Add(static (step, instruction) =>
            {
                var machine = new AbstractMachine(step);
                TInstruction.Execute<AbstractMachine, AbstractValue>(ref machine, instruction);
            });
    }
}
