using System.Collections.Generic;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>Traces as a whole: budget, branches with their delay slots, ways out.</summary>
internal sealed partial class Lowering
{
    private const byte InstructionAlignmentMask = 3;
    private const int AddressBits = 32;

    private readonly List<Exit> _exits = [];
    private readonly List<Link> _links = [];
    private int _exitsUsed;
    private int _firstLinkNumber;

    // A temporary that holds a branch's condition while its delay slot is lowered.
    private int _reserved;

    // Between a comparison and its jump, additions are done by address computations.
    private bool _keepsFlags;

    /// <summary>The direct jumps of the trace that was lowered last.</summary>
    public IReadOnlyList<Link> Links => _links;

    /// <summary>Writes a trace's code at the assembler's position.</summary>
    /// <param name="trace">What to translate.</param>
    /// <param name="common">The ways out.</param>
    /// <param name="firstLinkNumber">What the first of <see cref="Links"/> is called on its exit.</param>
    /// <returns>
    /// -1, or the number of the item that the interpreter must execute; then the code is to be written again
    /// for a trace that ends before it.
    /// </returns>
    public int Lower(TracePlan trace, CommonCode common, int firstLinkNumber)
    {
        _exitsUsed = 0;
        _keepsFlags = false;
        _reserved = 0;
        _links.Clear();
        _groups.Find(trace);
        _alignments.Clear();
        _cache.Clear();
        _originsUsed = 0;
        _pageChecksUsed = 0;
        _firstLinkNumber = firstLinkNumber;
        int steps = trace.StepCount;
        int budgetJump = 0;
        if (steps > 0)
        {
            _code.AluImmediate(AluOperation.Sub, OperandSize.Bits64, HostLayout.Budget, steps);
            budgetJump = _code.Jcc(Condition.Sign);
        }

        int left = steps;
        for (int number = 0; number < trace.Items.Count; number++)
        {
            TraceItem item = trace.Items[number];
            Exit odd = NewExit(item.Pc, left, isOdd: true);
            left -= item.StepCount;
            bool isLast = number == trace.Items.Count - 1;
            bool done = item.IsTransfer
                ? LowerTransfer(item, odd, left, isLast && trace.EndsWithTransfer)
                : LowerOperations(item.Main, odd);
            if (!done)
            {
                return number;
            }
        }

        WriteEnd(trace);
        if (steps > 0)
        {
            _code.Bind(budgetJump);
            _code.AluImmediate(AluOperation.Add, OperandSize.Bits64, HostLayout.Budget, steps);
            _code.MovImmediate(Register.Rax, trace.Start);
            _code.JmpTo(common.Budget);
        }

        WritePageChecks();
        WriteExits(common);
        return -1;
    }

    private void WriteEnd(TracePlan trace)
    {
        if (!trace.EndsWithTransfer)
        {
            NewExit(trace.End, 0, trace.EndsOdd).Add(_code.Jmp());
        }
    }

    private bool LowerTransfer(TraceItem item, Exit odd, int stepsLeft, bool isEnd)
    {
        if (LinkMeetsSlot(item))
        {
            return false;
        }

        MicroOperation transfer = _list[item.Transfer];
        bool slotFirst = !SlotChangesOperands(item);
        switch (transfer.Kind)
        {
            case MicroOperationKind.Jump:
                return LowerOperations(item.Slot, odd)
                    && LowerOperations(item.Main, odd)
                    && LowerJumpEnd(transfer.Constant, isEnd);
            case MicroOperationKind.BranchIf:
                return slotFirst
                    ? LowerBranch(item, odd, stepsLeft, isEnd)
                    : LowerBranchBeforeSlot(item, odd, stepsLeft, isEnd);
            default:
                return LowerJumpRegister(item, odd, slotFirst);
        }
    }

    private bool LowerJumpEnd(ulong target, bool isEnd)
    {
        if (isEnd)
        {
            NewExit(target, 0, isOdd: false).Add(_code.Jmp());
        }

        return true;
    }

    private bool LowerBranch(TraceItem item, Exit odd, int stepsLeft, bool isEnd)
    {
        if (!LowerOperations(item.Slot, odd))
        {
            return false;
        }

        Begin(item.Main);
        Condition condition = LowerCondition(_list[item.Transfer].A);
        LowerLink(item);
        WriteBranch(condition, item, stepsLeft, isEnd);
        return !_failed;
    }

    // The delay slot changes what the condition is about, so that is looked at before; moves and additions
    // of addresses leave the flags, other slots need the condition saved.
    private bool LowerBranchBeforeSlot(TraceItem item, Exit odd, int stepsLeft, bool isEnd)
    {
        Begin(item.Main);
        Condition condition = LowerCondition(_list[item.Transfer].A);
        if (_failed)
        {
            return false;
        }

        Register saved = HostLayout.Temporaries[^1];
        _keepsFlags = LeavesFlags(item.Slot);
        if (!_keepsFlags)
        {
            _code.Setcc(condition, saved);
            _cache.Overwrite(saved);
            _reserved = 1 << (int)saved;
        }

        bool done = LowerOperations(item.Slot, odd);
        if (!_keepsFlags)
        {
            _code.Test(OperandSize.Bits8, saved, saved);
            condition = Condition.NotEqual;
        }

        _keepsFlags = false;
        _reserved = 0;
        if (!done)
        {
            return false;
        }


        LowerLink(item);
        WriteBranch(condition, item, stepsLeft, isEnd);
        return !_failed;
    }

    private void WriteBranch(Condition condition, TraceItem item, int stepsLeft, bool isEnd)
    {
        ulong target = _list[item.Transfer].Constant;
        NewExit(target, stepsLeft, isOdd: false).Add(_code.Jcc(condition));
        if (isEnd)
        {
            NewExit(item.Pc + 8, 0, isOdd: false).Add(_code.Jmp());
        }
    }

    private bool LowerJumpRegister(TraceItem item, Exit odd, bool slotFirst)
    {
        int address = _list[item.Transfer].A;
        if (slotFirst)
        {
            if (!LowerOperations(item.Slot, odd))
            {
                return false;
            }

            Begin(item.Main);
            Take(Register.Rax);
            MoveTo(Register.Rax, address);
        }
        else
        {
            Operand saved = HostLayout.FrameField(TranslatorFrame.SavedTargetOffset);
            Begin(item.Main);
            _code.MovInto(_word, saved, RegisterOf(address));
            if (_failed || !LowerOperations(item.Slot, odd))
            {
                return false;
            }

            Begin(item.Main);
            Take(Register.Rax);
            _code.Mov(_word, Register.Rax, saved);
        }

        LowerLink(item);
        WriteIndirectJump();
        return !_failed;
    }

    // The jump table has no entry for addresses that are odd, or above the low 4 GiB.
    private void WriteIndirectJump()
    {
        _code.TestByte(Register.Rax, InstructionAlignmentMask);
        int unaligned = _code.Jcc(Condition.NotEqual);
        _code.SetTarget(unaligned, CommonCode.Miss);
        if (_wide)
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
    private void LowerLink(TraceItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            if (_list[index].Kind == MicroOperationKind.Set)
            {
                LowerSet(item.Main with { Start = index, End = index + 1 }, index);
            }
        }
    }

    private bool SlotChangesOperands(TraceItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            if (_list[index].Kind == MicroOperationKind.Get && Sets(item.Slot, _list[index].A))
            {
                return true;
            }
        }

        return false;
    }

    private bool LinkMeetsSlot(TraceItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            if (_list[index].Kind == MicroOperationKind.Set
                && (Sets(item.Slot, _list[index].A) || Gets(item.Slot, _list[index].A)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Sets(MicroRange range, int register) => Has(range, MicroOperationKind.Set, register);

    private bool Gets(MicroRange range, int register) => Has(range, MicroOperationKind.Get, register);

    private bool Has(MicroRange range, MicroOperationKind kind, int register)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            if (_list[index].Kind == kind && _list[index].A == register)
            {
                return true;
            }
        }

        return false;
    }

    // Moves, and additions that address computations can do: their operands are pinned or constant.
    private bool LeavesFlags(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            MicroOperation operation = _list[index];
            bool leaves = operation.Kind switch
            {
                MicroOperationKind.Get
                    or MicroOperationKind.Constant
                    or MicroOperationKind.Set
                    or MicroOperationKind.SignExtend32 => true,
                MicroOperationKind.Add => IsPinned(operation.A)
                    && (IsPinned(operation.B) || TryImmediate(operation.B, out _)),
                _ => false,
            };
            if (!leaves)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsPinned(int value) =>
        _list[value].Kind == MicroOperationKind.Get && _pins.IsPinned(_list[value].A);

    private Exit NewExit(ulong target, int stepsLeft, bool isOdd)
    {
        if (_exitsUsed == _exits.Count)
        {
            _exits.Add(new Exit());
        }

        Exit exit = _exits[_exitsUsed++];
        exit.Reset(target, stepsLeft, isOdd);
        return exit;
    }

    private void WriteExits(CommonCode common)
    {
        for (int number = 0; number < _exitsUsed; number++)
        {
            Exit exit = _exits[number];
            if (exit.Jumps.Count > 0)
            {
                WriteExit(exit, common);
            }
        }
    }

    private void WriteExit(Exit exit, CommonCode common)
    {
        // A jump that gives nothing back can itself be linked; else the jump behind the giving back is.
        int site = exit.Jumps[0];
        if (exit.StepsLeft > 0 || exit.Jumps.Count > 1)
        {
            foreach (int jump in exit.Jumps)
            {
                _code.Bind(jump);
            }

            if (exit.StepsLeft > 0)
            {
                _code.AluImmediate(
                    AluOperation.Add, OperandSize.Bits64, HostLayout.Budget, exit.StepsLeft);
            }

            site = -1;
        }

        if (exit.IsOdd)
        {
            if (site >= 0)
            {
                _code.Bind(site);
            }

            _code.MovImmediate(Register.Rax, exit.Target);
            _code.JmpTo(common.Odd);
            return;
        }

        if (site < 0)
        {
            site = _code.Jmp();
        }

        int stub = _code.Position;
        _code.SetTarget(site, stub);
        _code.MovImmediate(Register.Rax, exit.Target);
        _code.MovImmediate(Register.Rcx, (uint)(_firstLinkNumber + _links.Count));
        _code.JmpTo(common.Link);
        _links.Add(new Link(site, stub, exit.Target));
    }
}
