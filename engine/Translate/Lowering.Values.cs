using Culverin.X64;

namespace Culverin.Translate;

/// <summary>Operations on words.</summary>
internal sealed partial class Lowering
{
    private void LowerValue(MicroRange range, int index, Exit odd)
    {
        switch (_list[index].Kind)
        {
            case MicroOperationKind.Add:
                LowerAdd(range, index);
                break;
            case MicroOperationKind.Subtract:
                LowerSubtract(range, index);
                break;
            case MicroOperationKind.And:
                LowerCommutative(range, index, AluOperation.And);
                break;
            case MicroOperationKind.Or:
                LowerCommutative(range, index, AluOperation.Or);
                break;
            case MicroOperationKind.Xor:
                LowerCommutative(range, index, AluOperation.Xor);
                break;
            case MicroOperationKind.AndNot:
                LowerAndNot(range, index);
                break;
            case MicroOperationKind.Not:
                LowerNot(range, index);
                break;
            case MicroOperationKind.ShiftLeft:
                LowerShift(range, index, ShiftOperation.Shl);
                break;
            case MicroOperationKind.ShiftRightLogical:
                LowerShift(range, index, ShiftOperation.Shr);
                break;
            case MicroOperationKind.ShiftRightArithmetic:
                LowerShift(range, index, ShiftOperation.Sar);
                break;
            case MicroOperationKind.Select:
                LowerSelect(range, index);
                break;
            case MicroOperationKind.SignExtend8:
            case MicroOperationKind.SignExtend16:
            case MicroOperationKind.SignExtend32:
            case MicroOperationKind.ZeroExtend32:
            case MicroOperationKind.CountLeadingZeros32:
            case MicroOperationKind.CountLeadingZeros:
                LowerConversion(range, index);
                break;
            default:
                LowerMultiplyDivide(range, index, odd);
                break;
        }
    }

    private void LowerAdd(MicroRange range, int index)
    {
        (int a, int b) = ConstantLast(index);
        if (TryImmediate(b, out int immediate))
        {
            AddImmediate(range, index, a, b, immediate);
            return;
        }

        Operand left = PlaceOf(a);
        Operand right = PlaceOf(b);
        Register destination = DestinationOf(range, index, a);
        if (!left.IsMemory
            && !right.IsMemory
            && (_keepsFlags || (!left.Is(destination) && !right.Is(destination))))
        {
            _code.Lea(_word, destination, Operand.At(left.Register, right.Register, 0, 0));
        }
        else
        {
            Combine(AluOperation.Add, destination, left, right);
        }

        Finish(index, destination, a, b);
    }

    private void AddImmediate(MicroRange range, int index, int a, int b, int immediate)
    {
        Operand left = PlaceOf(a);
        Register destination = DestinationOf(range, index, a);
        if (!left.IsMemory && (_keepsFlags || !left.Is(destination)))
        {
            _code.Lea(_word, destination, Operand.At(left.Register, immediate));
        }
        else
        {
            Copy(destination, left);
            _code.AluImmediate(AluOperation.Add, _word, destination, immediate);
        }

        Finish(index, destination, a, b);
    }

    private void LowerSubtract(MicroRange range, int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        if (TryImmediate(b, out int immediate) && immediate != int.MinValue)
        {
            AddImmediate(range, index, a, b, -immediate);
            return;
        }

        Operand right = PlaceOf(b);
        Register destination = DestinationOf(range, index, a);
        bool isOwnOperand = !IsConstant(a) && PlaceOf(a).Is(destination);
        if (right.Is(destination) && !isOwnOperand)
        {
            // a - b = -b + a.
            _code.Unary(UnaryOperation.Neg, _word, destination);
            if (TryImmediate(a, out int minuend))
            {
                _code.AluImmediate(AluOperation.Add, _word, destination, minuend);
            }
            else
            {
                _code.Alu(AluOperation.Add, _word, destination, PlaceOf(a));
            }
        }
        else
        {
            MoveTo(destination, a);
            _code.Alu(AluOperation.Sub, _word, destination, right);
        }

        Finish(index, destination, a, b);
    }

    private void LowerCommutative(MicroRange range, int index, AluOperation operation)
    {
        (int a, int b) = ConstantLast(index);
        Operand left = PlaceOf(a);
        if (TryImmediate(b, out int immediate))
        {
            Register target = DestinationOf(range, index, a);
            Copy(target, left);
            _code.AluImmediate(operation, _word, target, immediate);
            Finish(index, target, a, b);
            return;
        }

        Operand right = PlaceOf(b);
        Register destination = DestinationOf(range, index, a);
        Combine(operation, destination, left, right);
        Finish(index, destination, a, b);
    }

    // destination = left op right, whichever of them the destination is.
    private void Combine(AluOperation operation, Register destination, Operand left, Operand right)
    {
        if (right.Is(destination))
        {
            _code.Alu(operation, _word, destination, left);
        }
        else
        {
            Copy(destination, left);
            _code.Alu(operation, _word, destination, right);
        }
    }

    private void LowerAndNot(MicroRange range, int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = PlaceOf(a);
        Register inverted = RegisterOf(b);
        Register destination = DestinationOf(range, index, b);
        _code.Andn(_word, destination, inverted, left);
        Finish(index, destination, a, b);
    }

    private void LowerNot(MicroRange range, int index)
    {
        int a = _list[index].A;
        Operand source = PlaceOf(a);
        Register destination = DestinationOf(range, index, a);
        Copy(destination, source);
        _code.Unary(UnaryOperation.Not, _word, destination);
        Finish(index, destination, a);
    }

    private void LowerShift(MicroRange range, int index, ShiftOperation operation)
    {
        int a = _list[index].A;
        int count = _list[index].B;
        Operand source = PlaceOf(a);
        if (IsConstant(count))
        {
            Register target = DestinationOf(range, index, a);
            Copy(target, source);
            _code.ShiftImmediate(operation, _word, target, (int)_list[count].Constant);
            Finish(index, target, a, count);
            return;
        }

        Register amount = RegisterOf(count);
        Register destination = DestinationOf(range, index, a);
        _code.Shift(operation, _word, destination, source, amount);
        Finish(index, destination, a, count);
    }

    private void LowerConversion(MicroRange range, int index)
    {
        int a = _list[index].A;
        Operand source = PlaceOf(a);
        Register destination = DestinationOf(range, index, a);
        switch (_list[index].Kind)
        {
            case MicroOperationKind.SignExtend8:
                _code.MovSignExtended(_word, destination, source, OperandSize.Bits8);
                break;
            case MicroOperationKind.SignExtend16:
                _code.MovSignExtended(_word, destination, source, OperandSize.Bits16);
                break;
            case MicroOperationKind.SignExtend32:
                _code.MovSignExtended(_word, destination, source, OperandSize.Bits32);
                break;
            case MicroOperationKind.ZeroExtend32:
                _code.Mov(OperandSize.Bits32, destination, source);
                break;
            case MicroOperationKind.CountLeadingZeros32:
                _code.Lzcnt(OperandSize.Bits32, destination, source);
                break;
            default:
                _code.Lzcnt(_word, destination, source);
                break;
        }

        Finish(index, destination, a);
    }

    private (int A, int B) ConstantLast(int index)
    {
        MicroOperation operation = _list[index];
        return IsConstant(operation.A) && !IsConstant(operation.B)
            ? (operation.B, operation.A)
            : (operation.A, operation.B);
    }

    private void Copy(Register destination, Operand source)
    {
        if (!source.Is(destination))
        {
            _code.Mov(_word, destination, source);
        }
    }
}
