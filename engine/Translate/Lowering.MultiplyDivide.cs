using Culverin.X64;

namespace Culverin.Translate;

/// <summary>Multiplication and division.</summary>
internal sealed partial class Lowering
{
    private const int HalfBits = 32;

    private void LowerMultiplyDivide(MicroRange range, int index, Exit odd)
    {
        switch (_list[index].Kind)
        {
            case MicroOperationKind.Multiply:
                LowerMultiply(range, index);
                break;
            case MicroOperationKind.MultiplyHighSigned32:
                LowerMultiplyHigh32(range, index, signed: true);
                break;
            case MicroOperationKind.MultiplyHighUnsigned32:
                LowerMultiplyHigh32(range, index, signed: false);
                break;
            case MicroOperationKind.MultiplyHighSigned when _wide:
                LowerMultiplyHigh(index, UnaryOperation.Imul);
                break;
            case MicroOperationKind.MultiplyHighUnsigned when _wide:
                LowerMultiplyHigh(index, UnaryOperation.Mul);
                break;
            case MicroOperationKind.RemainderSigned32:
                LowerDivision(range, index, MicroOperationKind.DivideSigned32, odd);
                break;
            case MicroOperationKind.RemainderUnsigned32:
                LowerDivision(range, index, MicroOperationKind.DivideUnsigned32, odd);
                break;
            case MicroOperationKind.RemainderSigned when _wide:
                LowerDivision(range, index, MicroOperationKind.DivideSigned, odd);
                break;
            case MicroOperationKind.RemainderUnsigned when _wide:
                LowerDivision(range, index, MicroOperationKind.DivideUnsigned, odd);
                break;
            case MicroOperationKind.DivideSigned32:
            case MicroOperationKind.DivideUnsigned32:
            case MicroOperationKind.DivideSigned:
            case MicroOperationKind.DivideUnsigned:
                // Done with the remainder.
                _failed |= !_isPlaced[index];
                break;
            default:
                _failed = true;
                break;
        }
    }

    private void LowerMultiply(MicroRange range, int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = PlaceOf(a);
        Operand right = PlaceOf(b);
        Register destination = DestinationOf(range, index, a);
        if (right.Is(destination))
        {
            _code.Imul(_word, destination, left);
        }
        else
        {
            Copy(destination, left);
            _code.Imul(_word, destination, right);
        }

        Finish(index, destination, a, b);
    }

    // The product of two extended halves is exact in 64 bits; its upper half, as an int, is the result.
    private void LowerMultiplyHigh32(MicroRange range, int index, bool signed)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = PlaceOf(a);
        Operand right = PlaceOf(b);
        Register product = TakeTemporary();
        Register factor = TakeTemporary();
        Extend(product, left, signed);
        Extend(factor, right, signed);
        _code.Imul(OperandSize.Bits64, product, factor);
        _code.ShiftImmediate(
            _wide ? ShiftOperation.Sar : ShiftOperation.Shr, OperandSize.Bits64, product, HalfBits);
        Free(factor);
        Finish(index, product, a, b);
    }

    private void Extend(Register destination, Operand source, bool signed)
    {
        if (signed)
        {
            _code.MovSignExtended(OperandSize.Bits64, destination, source, OperandSize.Bits32);
        }
        else
        {
            _code.Mov(OperandSize.Bits32, destination, source);
        }
    }

    private void LowerMultiplyHigh(int index, UnaryOperation operation)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Take(Register.Rax);
        Take(Register.Rdx);
        Operand right = PlaceOf(b);
        MoveTo(Register.Rax, a);
        _code.Unary(operation, OperandSize.Bits64, right);
        Free(Register.Rax);
        Finish(index, Register.Rdx, a, b);
    }

    // Quotient and remainder come from one instruction. A 32-bit signed division is done with 64 bits, where
    // INT_MIN / -1 has a quotient; a 64-bit one by -1 is left to the interpreter.
    private void LowerDivision(MicroRange range, int index, MicroOperationKind quotientKind, Exit odd)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        int quotient = FindQuotient(range, index, quotientKind);
        if (quotient < 0)
        {
            _failed = true;
            return;
        }

        bool isHalf = quotientKind
            is MicroOperationKind.DivideSigned32 or MicroOperationKind.DivideUnsigned32;
        bool isSigned = quotientKind
            is MicroOperationKind.DivideSigned32 or MicroOperationKind.DivideSigned;
        Take(Register.Rax);
        Take(Register.Rdx);
        Register divisor = TakeTemporary();
        Operand dividendPlace = PlaceOf(a);
        Operand divisorPlace = PlaceOf(b);
        if (isHalf)
        {
            Extend(divisor, divisorPlace, isSigned);
            Extend(Register.Rax, dividendPlace, isSigned);
        }
        else
        {
            Copy(divisor, divisorPlace);
            Copy(Register.Rax, dividendPlace);
        }

        Divide(divisor, isHalf, isSigned, odd);
        Free(divisor);
        Release(a);
        Release(b);
        Finish(index, Register.Rdx, a, b);
        Place(quotient, Register.Rax);
    }

    private void Divide(Register divisor, bool isHalf, bool isSigned, Exit odd)
    {
        if (isSigned)
        {
            if (!isHalf)
            {
                _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits64, divisor, -1);
                odd.Add(_code.Jcc(Condition.Equal));
            }

            _code.Cqo();
            _code.Unary(UnaryOperation.Idiv, OperandSize.Bits64, divisor);
        }
        else
        {
            _code.Alu(AluOperation.Xor, OperandSize.Bits32, Register.Rdx, Register.Rdx);
            _code.Unary(UnaryOperation.Div, isHalf ? OperandSize.Bits32 : OperandSize.Bits64, divisor);
        }

        if (isHalf && _wide)
        {
            _code.MovSignExtended(OperandSize.Bits64, Register.Rax, Register.Rax, OperandSize.Bits32);
            _code.MovSignExtended(OperandSize.Bits64, Register.Rdx, Register.Rdx, OperandSize.Bits32);
        }
        else if (isHalf && isSigned)
        {
            _code.Mov(OperandSize.Bits32, Register.Rax, Register.Rax);
            _code.Mov(OperandSize.Bits32, Register.Rdx, Register.Rdx);
        }
    }

    private int FindQuotient(MicroRange range, int index, MicroOperationKind kind)
    {
        for (int later = index + 1; later < range.End; later++)
        {
            MicroOperation operation = _list[later];
            if (operation.Kind == kind
                && operation.A == _list[index].A
                && operation.B == _list[index].B)
            {
                return later;
            }
        }

        return -1;
    }
}
