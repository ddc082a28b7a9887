using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Turns the micro-operations of a superblock into x86-64 code. It knows micro-operations, not MIPS; what it
/// cannot do, or what turns out at run time to be not ordinary, it leaves to the interpreter at the start of
/// an instruction.
/// </summary>
/// <remarks>
/// Here is what concerns the whole: the budget, branches with their delay slots, the order of operations.
/// Each kind of operation has a class of its own. In 32-bit machines the upper half of every host register
/// that holds a word is zero.
/// </remarks>
internal sealed class SuperblockLowering
{
    private const byte InstructionAlignmentMask = 3;
    private const int AddressBits = 32;

    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly OperandSize _word;
    private readonly ExitWriter _exits;
    private readonly ValuePlaces _values;
    private readonly DemandedBits _demandedBits;
    private readonly ConditionLowering _conditions;
    private readonly WordLowering _words;
    private readonly GroupLowering _groups;
    private readonly MemoryLowering _memory;
    private readonly DelaySlots _slots;

    /// <summary>Makes a lowering with all of its parts.</summary>
    public SuperblockLowering(LoweringContext context)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _word = context.Word;
        _exits = new ExitWriter(_code);
        _values = new ValuePlaces(context)
        {
            Materialize = (value, register) => _conditions!.Materialize(value, register),
        };
        _demandedBits = new DemandedBits(context);
        _conditions = new ConditionLowering(context, _values);
        _words = new WordLowering(context, _values, _conditions);
        var addresses = new AddressCode(context);
        _groups = new GroupLowering(context, _values, addresses);
        _memory = new MemoryLowering(context, _values, addresses, _groups);
        _slots = new DelaySlots(context);
    }

    /// <summary>The direct jumps of the superblock that was lowered last.</summary>
    public IReadOnlyList<Link> Links => _exits.Links;

    /// <summary>Writes a superblock's code at the assembler's position.</summary>
    /// <param name="plan">What to translate.</param>
    /// <param name="common">The ways out.</param>
    /// <param name="firstLinkNumber">What the first of <see cref="Links"/> is called on its exit.</param>
    /// <returns>
    /// -1, or the number of the item that the interpreter must execute; then the code is to be written again
    /// for a superblock that ends before it.
    /// </returns>
    public int Lower(SuperblockPlan plan, CommonCode common, int firstLinkNumber)
    {
        _exits.Begin(firstLinkNumber);
        _words.KeepsFlags = false;
        _groups.Begin(plan);
        _values.BeginSuperblock();
        int steps = plan.StepCount;
        int budgetJump = 0;
        if (steps > 0)
        {
            _code.AluImmediate(AluOperation.Sub, OperandSize.Bits64, HostLayout.Budget, steps);
            budgetJump = _code.Jcc(Condition.Sign);
        }

        int failed = LowerItems(plan);
        if (failed >= 0)
        {
            return failed;
        }

        if (!plan.EndsWithTransfer)
        {
            _exits.Add(plan.End, 0, plan.EndsInInterpreter).Add(_code.Jmp());
        }

        if (steps > 0)
        {
            _code.Bind(budgetJump);
            _code.AluImmediate(AluOperation.Add, OperandSize.Bits64, HostLayout.Budget, steps);
            _code.MovImmediate(Register.Rax, plan.Start);
            _code.JmpTo(common.Budget);
        }

        _groups.WritePageChecks();
        _exits.Write(common);
        return -1;
    }

    private int LowerItems(SuperblockPlan plan)
    {
        int left = plan.StepCount;
        for (int number = 0; number < plan.Items.Count; number++)
        {
            SuperblockItem item = plan.Items[number];
            Exit sideExit = _exits.Add(item.Pc, left, isSideExit: true);
            left -= item.StepCount;
            bool isLast = number == plan.Items.Count - 1;
            bool done = item.IsTransfer
                ? LowerTransfer(item, sideExit, left, isLast && plan.EndsWithTransfer)
                : LowerOperations(item.Main, sideExit);
            if (!done)
            {
                return number;
            }
        }

        return -1;
    }

    // Runs over an instruction's operations but those that transfer control, which have their own place.
    private bool LowerOperations(MicroRange range, Exit sideExit)
    {
        Begin(range);
        for (int index = range.Start; index < range.End && !_values.HasFailed; index++)
        {
            if (!_values.Uses.IsUnused(index))
            {
                LowerOperation(ref index, sideExit);
            }
        }

        return !_values.HasFailed;
    }

    private void Begin(MicroRange range)
    {
        _values.Begin(range);
        _demandedBits.Begin(range);
    }

    private void LowerOperation(ref int index, Exit sideExit)
    {
        MicroOperation operation = _list[index];
        switch (operation.Kind)
        {
            case MicroOperationKind.Constant:
            case MicroOperationKind.Get:
                // Where they are used.
                break;
            case MicroOperationKind.EqualTo:
            case MicroOperationKind.LessThanSigned:
            case MicroOperationKind.LessThanUnsigned:
                // Where it is used, if that is one place.
                if (_values.Uses[index] > 1)
                {
                    _ = _values.PlaceOf(index);
                }

                break;
            case MicroOperationKind.Set:
                LowerSet(index, isLast: false);
                break;
            case MicroOperationKind.And when TryAlias(index):
            case MicroOperationKind.Add when _groups.IsAddressOfNext(index):
                // Where it is used.
                break;
            case MicroOperationKind.Load:
                _memory.LowerLoad(ref index, sideExit);
                break;
            case MicroOperationKind.Store:
                _memory.LowerStore(index, sideExit);
                break;
            case MicroOperationKind.TrapIf:
                sideExit.Add(_code.Jcc(_conditions.Lower(operation.A)));
                break;
            case MicroOperationKind.BranchIf:
            case MicroOperationKind.Jump:
            case MicroOperationKind.JumpRegister:
                break;
            case MicroOperationKind.Leave:
                _values.Fail();
                break;
            default:
                _words.Lower(index, sideExit);
                break;
        }
    }

    // A mask that keeps every bit that matters is the masked value itself.
    private bool TryAlias(int index)
    {
        MicroOperation mask = _list[index];
        if (_values.Uses[index] == 0 || !_demandedBits.IsMaskNeedless(mask, index))
        {
            return false;
        }

        _values.Place(index, _values.RegisterOf(mask.A));
        _values.Release(mask.A);
        _values.Release(mask.B);
        return true;
    }

    // A value that is a register's is read where it is used: the last operation of all may overwrite it.
    private void LowerSet(int index, bool isLast)
    {
        int register = _list[index].A;
        int value = _list[index].B;
        if (!isLast && _values.IsReadLater(index, register))
        {
            _values.Fail();
            return;
        }

        _groups.Alignments.Set(register, value);
        _values.Set(register, value);
    }

    private bool LowerTransfer(SuperblockItem item, Exit sideExit, int stepsLeft, bool isEnd)
    {
        if (_slots.LinkMeetsSlot(item))
        {
            return false;
        }

        MicroOperation transfer = _list[item.Transfer];
        bool slotFirst = !_slots.ChangesOperands(item);
        switch (transfer.Kind)
        {
            case MicroOperationKind.Jump:
                return LowerOperations(item.Slot, sideExit)
                    && LowerOperations(item.Main, sideExit)
                    && LowerJumpEnd(transfer.Constant, isEnd);
            case MicroOperationKind.BranchIf:
                return slotFirst
                    ? LowerBranch(item, sideExit, stepsLeft, isEnd)
                    : LowerBranchBeforeSlot(item, sideExit, stepsLeft, isEnd);
            default:
                return LowerJumpRegister(item, sideExit, slotFirst);
        }
    }

    private bool LowerJumpEnd(ulong target, bool isEnd)
    {
        if (isEnd)
        {
            _exits.Add(target, 0, isSideExit: false).Add(_code.Jmp());
        }

        return true;
    }

    private bool LowerBranch(SuperblockItem item, Exit sideExit, int stepsLeft, bool isEnd)
    {
        if (!LowerOperations(item.Slot, sideExit))
        {
            return false;
        }

        Begin(item.Main);
        Condition condition = _conditions.Lower(_list[item.Transfer].A);
        LowerLink(item);
        WriteBranch(condition, item, stepsLeft, isEnd);
        return !_values.HasFailed;
    }

    // The delay slot changes what the condition is about, so that is looked at before; moves and additions
    // of addresses leave the flags, other slots need the condition saved.
    private bool LowerBranchBeforeSlot(SuperblockItem item, Exit sideExit, int stepsLeft, bool isEnd)
    {
        Begin(item.Main);
        Condition condition = _conditions.Lower(_list[item.Transfer].A);
        if (_values.HasFailed)
        {
            return false;
        }

        Register saved = HostLayout.Temporaries[^1];
        _words.KeepsFlags = _slots.LeavesFlags(item.Slot);
        if (!_words.KeepsFlags)
        {
            _code.Setcc(condition, saved);
            _values.Reserve(saved);
        }

        bool done = LowerOperations(item.Slot, sideExit);
        if (!_words.KeepsFlags)
        {
            _code.Test(OperandSize.Bits8, saved, saved);
            condition = Condition.NotEqual;
        }

        _words.KeepsFlags = false;
        _values.EndReservation();
        if (!done)
        {
            return false;
        }

        LowerLink(item);
        WriteBranch(condition, item, stepsLeft, isEnd);
        return !_values.HasFailed;
    }

    private void WriteBranch(Condition condition, SuperblockItem item, int stepsLeft, bool isEnd)
    {
        ulong target = _list[item.Transfer].Constant;
        _exits.Add(target, stepsLeft, isSideExit: false).Add(_code.Jcc(condition));
        if (isEnd)
        {
            _exits.Add(item.Pc + 8, 0, isSideExit: false).Add(_code.Jmp());
        }
    }

    private bool LowerJumpRegister(SuperblockItem item, Exit sideExit, bool slotFirst)
    {
        int address = _list[item.Transfer].A;
        if (slotFirst)
        {
            if (!LowerOperations(item.Slot, sideExit))
            {
                return false;
            }

            Begin(item.Main);
            _values.Take(Register.Rax);
            _values.MoveTo(Register.Rax, address);
        }
        else
        {
            Operand saved = HostLayout.FrameField(TranslatorFrame.SavedTargetOffset);
            Begin(item.Main);
            _code.MovInto(_word, saved, _values.RegisterOf(address));
            if (_values.HasFailed || !LowerOperations(item.Slot, sideExit))
            {
                return false;
            }

            Begin(item.Main);
            _values.Take(Register.Rax);
            _code.Mov(_word, Register.Rax, saved);
        }

        LowerLink(item);
        WriteIndirectJump();
        return !_values.HasFailed;
    }

    // The jump table has no entry for addresses that are no multiple of 4, or above the low 4 GiB.
    private void WriteIndirectJump()
    {
        _code.TestByte(Register.Rax, InstructionAlignmentMask);
        int unaligned = _code.Jcc(Condition.NotEqual);
        _code.SetTarget(unaligned, CommonCode.Miss);
        if (_context.IsWide)
        {
            _code.Mov(OperandSize.Bits64, Register.Rcx, Register.Rax);
            _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits64, Register.Rcx, AddressBits);
            _code.SetTarget(_code.Jcc(Condition.NotEqual), CommonCode.Miss);
        }

        _code.Mov(
            OperandSize.Bits64, Register.Rcx, HostLayout.FrameField(TranslatorFrame.JumpTableOffset));
        _code.Mov(OperandSize.Bits32, Register.Rcx, Operand.At(Register.Rcx, Register.Rax, 0, 0));
        _code.Alu(
            AluOperation.Add,
            OperandSize.Bits64,
            Register.Rcx,
            HostLayout.FrameField(TranslatorFrame.CodeOffset));
        _code.JmpIndirect(Register.Rcx);
    }

    // What a transfer does besides: the return address.
    private void LowerLink(SuperblockItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            if (_list[index].Kind == MicroOperationKind.Set)
            {
                LowerSet(index, isLast: true);
            }
        }
    }
}
