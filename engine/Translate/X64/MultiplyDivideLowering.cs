using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Multiplication and division.
/// </summary>
internal sealed class MultiplyDivideLowering
{
    private const int HalfBits = 32;

    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly ValuePlaces _values;
    private readonly OperandSize _word;

    /// <summary>Makes the part that lowers multiplication and division.</summary>
    public MultiplyDivideLowering(LoweringContext context, ValuePlaces values)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _values = values;
        _word = context.Word;
    }

    /// <summary>Computes a product, quotient or remainder.</summary>
    public void Lower(int index, Exit sideExit)
    {
        switch (_list[index].Kind)
        {
            case MicroOperationKind.Multiply:
                LowerMultiply(index);
                break;
            case MicroOperationKind.MultiplyHighSigned32:
                LowerMultiplyHigh32(index, signed: true);
                break;
            case MicroOperationKind.MultiplyHighUnsigned32:
                LowerMultiplyHigh32(index, signed: false);
                break;
            case MicroOperationKind.MultiplyHighSigned when _context.IsWide:
                LowerMultiplyHigh(index, UnaryOperation.Imul);
                break;
            case MicroOperationKind.MultiplyHighUnsigned when _context.IsWide:
                LowerMultiplyHigh(index, UnaryOperation.Mul);
                break;
            case MicroOperationKind.RemainderSigned32:
                LowerDivision(index, MicroOperationKind.DivideSigned32, sideExit);
                break;
            case MicroOperationKind.RemainderUnsigned32:
                LowerDivision(index, MicroOperationKind.DivideUnsigned32, sideExit);
                break;
            case MicroOperationKind.RemainderSigned when _context.IsWide:
                LowerDivision(index, MicroOperationKind.DivideSigned, sideExit);
                break;
            case MicroOperationKind.RemainderUnsigned when _context.IsWide:
                LowerDivision(index, MicroOperationKind.DivideUnsigned, sideExit);
                break;
            case MicroOperationKind.DivideSigned32:
            case MicroOperationKind.DivideUnsigned32:
            case MicroOperationKind.DivideSigned:
            case MicroOperationKind.DivideUnsigned:
                // Done with the remainder.
                if (!_values.IsPlaced(index))
                {
                    _values.Fail();
                }

                break;
            default:
                _values.Fail();
                break;
        }
    }

    private void LowerMultiply(int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = _values.PlaceOf(a);
        Operand right = _values.PlaceOf(b);
        Register destination = _values.DestinationOf(index, a);
        if (right.Is(destination))
        {
            _code.Imul(_word, destination, left);
        }
        else
        {
            _context.Copy(destination, left);
            _code.Imul(_word, destination, right);
        }

        _values.Finish(index, destination, a, b);
    }

    // The product of two extended halves is exact in 64 bits; its upper half, as an int, is the result.
    private void LowerMultiplyHigh32(int index, bool signed)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = _values.PlaceOf(a);
        Operand right = _values.PlaceOf(b);
        Register product = _values.TakeTemporary();
        Register factor = _values.TakeTemporary();
        Extend(product, left, signed);
        Extend(factor, right, signed);
        _code.Imul(OperandSize.Bits64, product, factor);
        _code.ShiftImmediate(
            _context.IsWide ? ShiftOperation.Sar : ShiftOperation.Shr, OperandSize.Bits64, product, HalfBits);
        _values.Free(factor);
        _values.Finish(index, product, a, b);
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
        _values.Take(Register.Rax);
        _values.Take(Register.Rdx);
        Operand right = _values.PlaceOf(b);
        _values.MoveTo(Register.Rax, a);
        _code.Unary(operation, OperandSize.Bits64, right);
        _values.Free(Register.Rax);
        _values.Finish(index, Register.Rdx, a, b);
    }

    // Quotient and remainder come from one instruction. A 32-bit signed division is done with 64 bits, where
    // INT_MIN / -1 has a quotient; a 64-bit one by -1 is left to the interpreter.
    private void LowerDivision(int index, MicroOperationKind quotientKind, Exit sideExit)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        int quotient = FindQuotient(index, quotientKind);
        if (quotient < 0)
        {
            _values.Fail();
            return;
        }

        bool isHalf = quotientKind
            is MicroOperationKind.DivideSigned32 or MicroOperationKind.DivideUnsigned32;
        bool isSigned = quotientKind
            is MicroOperationKind.DivideSigned32 or MicroOperationKind.DivideSigned;
        _values.Take(Register.Rax);
        _values.Take(Register.Rdx);
        Register divisor = _values.TakeTemporary();
        Operand dividendPlace = _values.PlaceOf(a);
        Operand divisorPlace = _values.PlaceOf(b);
        if (isHalf)
        {
            Extend(divisor, divisorPlace, isSigned);
            Extend(Register.Rax, dividendPlace, isSigned);
        }
        else
        {
            _context.Copy(divisor, divisorPlace);
            _context.Copy(Register.Rax, dividendPlace);
        }

        Divide(divisor, isHalf, isSigned, sideExit);
        _values.Free(divisor);
        _values.Release(a);
        _values.Release(b);
        _values.Finish(index, Register.Rdx, a, b);
        _values.Place(quotient, Register.Rax);
    }

    private void Divide(Register divisor, bool isHalf, bool isSigned, Exit sideExit)
    {
        if (isSigned)
        {
            if (!isHalf)
            {
                _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits64, divisor, -1);
                sideExit.Add(_code.Jcc(Condition.Equal));
            }

            _code.Cqo();
            _code.Unary(UnaryOperation.Idiv, OperandSize.Bits64, divisor);
        }
        else
        {
            _code.Alu(AluOperation.Xor, OperandSize.Bits32, Register.Rdx, Register.Rdx);
            _code.Unary(UnaryOperation.Div, isHalf ? OperandSize.Bits32 : OperandSize.Bits64, divisor);
        }

        if (isHalf && _context.IsWide)
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

    private int FindQuotient(int index, MicroOperationKind kind)
    {
        for (int later = index + 1; later < _values.Range.End; later++)
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
