using System.Numerics;
using Culverin.Execute.Threaded;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Translate.Ir;

/// <summary>Reads guest code and writes it down as micro-operations, one superblock at a time.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed unsafe class SuperblockPlanner<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int FollowedJumpsMax = 8;

    // A superblock shorter than this goes on through code that others have too.
    private const int StepsBeforeOther = 8;
    private const int InstructionSizeBytes = 4;

    // SAFETY: every entry is a pointer to a static method of this signature; entry 0 is never called, since
    // no decoder gives opcode number 0.
    private static readonly delegate*<ref TranslatingMachine<TWord>, Instruction, void>[] Bodies =
        BodyCollector.Collect();

    private readonly GuestMemory _memory;
    private readonly Decoder _decoder;
    private readonly DecodeCache _watched;
    private readonly Predicate<ulong> _isTranslated;
    private readonly bool _hasThreads;
    private readonly int _stepsMax;
    private readonly UnalignedRun _run = new();
    private readonly MicroOperationList _ahead = new();

    /// <summary>Makes a planner.</summary>
    /// <param name="memory">Where the code is.</param>
    /// <param name="features">The rules.</param>
    /// <param name="watched">Knows the range that only the interpreter executes.</param>
    /// <param name="isTranslated">
    /// Whether there is a superblock at an address; a new one ends where an old one starts.
    /// </param>
    /// <param name="stepsMax">Most steps of a superblock, at least 2.</param>
    public SuperblockPlanner(
        GuestMemory memory,
        FeatureSet features,
        DecodeCache watched,
        Predicate<ulong> isTranslated,
        int stepsMax)
    {
        _stepsMax = stepsMax;
        _isTranslated = isTranslated;
        _memory = memory;
        _decoder = new Decoder(features);
        _watched = watched;
        _hasThreads = features.HasThreads;
    }

    /// <summary>The micro-operations of the last plan.</summary>
    public MicroOperationList Operations { get; } = new();

    /// <summary>Plans the superblock at an address that <see cref="DecodeCache.Covers"/>.</summary>
    public void Plan(ulong start, SuperblockPlan plan)
    {
        Operations.Clear();
        _run.Clear();
        plan.Reset(start);
        ulong pc = start;
        int followed = 0;
        while (Extend(plan, pc))
        {
            SuperblockItem last = plan.Items[^1];
            if (!last.IsTransfer)
            {
                pc += InstructionSizeBytes;
                continue;
            }

            MicroOperation transfer = Operations[last.Transfer];
            if (transfer.Kind == MicroOperationKind.BranchIf && transfer.Constant > pc)
            {
                pc += 2 * InstructionSizeBytes;
            }
            else if (transfer.Kind == MicroOperationKind.Jump
                && followed < FollowedJumpsMax
                && !plan.Contains(transfer.Constant))
            {
                pc = transfer.Constant;
                followed++;
            }
            else
            {
                plan.EndWithTransfer();
                return;
            }
        }
    }

    // Appends the instruction at an address, with its delay slot; false if the superblock ends before it.
    private bool Extend(SuperblockPlan plan, ulong pc)
    {
        bool continuesRun = _run.Continues(pc);
        if (!continuesRun
            && (plan.StepCount > _stepsMax - 2
                || (plan.StepCount >= StepsBeforeOther && _isTranslated(pc))))
        {
            plan.EndBefore(pc, inInterpreter: false);
            return false;
        }

        if (!IsReadable(pc))
        {
            // Outside of what is translated: whoever looks for the superblock there finds none.
            plan.EndBefore(pc, inInterpreter: DecodeCache.Covers(pc));
            return false;
        }

        if (!continuesRun)
        {
            FindRun(pc, _stepsMax - 1 - plan.StepCount);
        }

        MicroRange main = Append(pc);
        int transfer = FindTransfer(main);
        MicroRange slot = default;
        bool isInterpreted = Leaves(main);
        if (!isInterpreted && transfer >= 0)
        {
            ulong slotAddress = pc + InstructionSizeBytes;
            isInterpreted = !IsReadable(slotAddress);
            if (!isInterpreted)
            {
                slot = Append(slotAddress);
                isInterpreted = Leaves(slot) || FindTransfer(slot) >= 0;
            }
        }

        if (isInterpreted)
        {
            plan.EndBefore(pc, inInterpreter: true);
            return false;
        }

        plan.Add(new SuperblockItem(pc, main, slot, transfer, continuesRun));
        return true;
    }

    // The last two instructions of the covered range are left out, so that no address after them wraps.
    private bool IsReadable(ulong pc) =>
        DecodeCache.Covers(pc) && pc + (2 * InstructionSizeBytes) <= uint.MaxValue && !_watched.IsWatched(pc);

    private MicroRange Append(ulong pc)
    {
        int start = Operations.Count;
        Instruction instruction = Decode(pc);
        if (!_run.IsAccess(pc, out UnalignedPair? whole))
        {
            Translate(pc, instruction, Operations);
        }
        else if (whole is { } pair)
        {
            AppendWhole(pc, instruction, pair);
        }

        return new MicroRange(start, Operations.Count);
    }

    private Instruction Decode(ulong pc) => _decoder.Decode(_memory.ReadUInt32(pc));

    private void Translate(ulong pc, Instruction instruction, MicroOperationList operations)
    {
        TranslatingMachine<TWord> machine = MachineAt(pc, operations);
        Bodies[instruction.Opcode](ref machine, instruction);
    }

    private TranslatingMachine<TWord> MachineAt(ulong pc, MicroOperationList operations) =>
        new(operations, TWord.CreateTruncating(pc), _hasThreads);

    // What the two instructions of a pair do together.
    private void AppendWhole(ulong pc, Instruction instruction, UnalignedPair pair)
    {
        TranslatingMachine<TWord> machine = MachineAt(pc, Operations);
        MicroValue address =
            machine.Add(machine.Get(instruction.Rs), machine.Constant(instruction.SignedImmediate));
        if (pair.IsStore)
        {
            MicroValue value = machine.Get(instruction.Rt);
            machine.Store(address, pair.Width, value);
            Operations.MarkUnaligned(_run.First, _run.Last);
        }
        else
        {
            MicroValue value = machine.Load(address, pair.Width);
            Operations.MarkUnaligned(_run.First, _run.Last);
            machine.Set(instruction.Rt, pair.Width == Width.Word ? machine.SignExtend32(value) : value);
        }
    }

    // Of a register whose value is known the addresses are constants, which have no access group.
    private void FindRun(ulong pc, int stepsMax)
    {
        Instruction instruction = Decode(pc);
        bool isRun = _run.TryBegin(pc, instruction) && !Operations.IsKnown(instruction.Rs);
        while (isRun && !_run.IsComplete)
        {
            ulong next = _run.End;
            isRun = _run.StepCount < stepsMax && IsReadable(next);
            if (isRun)
            {
                Instruction following = Decode(next);
                _ahead.Clear();
                Translate(next, following, _ahead);
                isRun = _run.TryAdd(following, _ahead);
            }
        }

        if (!isRun)
        {
            _run.Clear();
        }
    }

    private int FindTransfer(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            if (Operations[index].Kind
                is MicroOperationKind.BranchIf or MicroOperationKind.Jump or MicroOperationKind.JumpRegister)
            {
                return index;
            }
        }

        return -1;
    }

    private bool Leaves(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            if (Operations[index].Kind == MicroOperationKind.Leave)
            {
                return true;
            }
        }

        return false;
    }

    private readonly struct BodyCollector(List<nint> bodies) : IInstructionVisitor
    {
        public static delegate*<ref TranslatingMachine<TWord>, Instruction, void>[] Collect()
        {
            List<nint> bodies = [0];
            var collector = new BodyCollector(bodies);
            InstructionSet.VisitAll(ref collector);
            var table = new delegate*<ref TranslatingMachine<TWord>, Instruction, void>[bodies.Count];
            for (int opcode = 1; opcode < table.Length; opcode++)
            {
                table[opcode] = (delegate*<ref TranslatingMachine<TWord>, Instruction, void>)bodies[opcode];
            }

            return table;
        }

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction
        {
            delegate*<ref TranslatingMachine<TWord>, Instruction, void> body =
                &TInstruction.Execute<TranslatingMachine<TWord>, MicroValue>;
            bodies.Add((nint)body);
        }
    }
}
