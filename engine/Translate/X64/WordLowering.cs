using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Operations on words.
/// </summary>
internal sealed class WordLowering
{
    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly ValuePlaces _values;
    private readonly OperandSize _word;
    private readonly ConditionLowering _conditions;
    private readonly MultiplyDivideLowering _products;

    /// <summary>Makes the part that lowers operations on words.</summary>
    public WordLowering(LoweringContext context, ValuePlaces values, ConditionLowering conditions)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _values = values;
        _word = context.Word;
        _conditions = conditions;
        _products = new MultiplyDivideLowering(context, values);
    }

    /// <summary>
    /// Whether the flags must stay, as between a comparison and its jump; additions are then done by address
    /// computations.
    /// </summary>
    public bool KeepsFlags { get; set; }

    /// <summary>Computes a value.</summary>
    public void Lower(int index, Exit sideExit)
    {
        switch (_list[index].Kind)
        {
            case MicroOperationKind.Add:
                LowerAdd(index);
                break;
            case MicroOperationKind.Subtract:
                LowerSubtract(index);
                break;
            case MicroOperationKind.And:
                LowerCommutative(index, AluOperation.And);
                break;
            case MicroOperationKind.Or:
                LowerCommutative(index, AluOperation.Or);
                break;
            case MicroOperationKind.Xor:
                LowerCommutative(index, AluOperation.Xor);
                break;
            case MicroOperationKind.AndNot:
                LowerAndNot(index);
                break;
            case MicroOperationKind.Not:
                LowerNot(index);
                break;
            case MicroOperationKind.ShiftLeft:
                LowerShift(index, ShiftOperation.Shl);
                break;
            case MicroOperationKind.ShiftRightLogical:
                LowerShift(index, ShiftOperation.Shr);
                break;
            case MicroOperationKind.ShiftRightArithmetic:
                LowerShift(index, ShiftOperation.Sar);
                break;
            case MicroOperationKind.Select:
                _conditions.LowerSelect(index);
                break;
            case MicroOperationKind.SignExtend8:
            case MicroOperationKind.SignExtend16:
            case MicroOperationKind.SignExtend32:
            case MicroOperationKind.ZeroExtend32:
            case MicroOperationKind.CountLeadingZeros32:
            case MicroOperationKind.CountLeadingZeros:
                LowerConversion(index);
                break;
            default:
                _products.Lower(index, sideExit);
                break;
        }
    }

    private void LowerAdd(int index)
    {
        (int a, int b) = ConstantLast(index);
        if (_context.TryImmediate(b, out int immediate))
        {
            AddImmediate(index, a, b, immediate);
            return;
        }

        Operand left = _values.PlaceOf(a);
        Operand right = _values.PlaceOf(b);
        Register destination = _values.DestinationOf(index, a);
        if (!left.IsMemory
            && !right.IsMemory
            && (KeepsFlags || (!left.Is(destination) && !right.Is(destination))))
        {
            _code.Lea(_word, destination, Operand.At(left.Register, right.Register, 0, 0));
        }
        else
        {
            Combine(AluOperation.Add, destination, left, right);
        }

        _values.Finish(index, destination, a, b);
    }

    private void AddImmediate(int index, int a, int b, int immediate)
    {
        Operand left = _values.PlaceOf(a);
        Register destination = _values.DestinationOf(index, a);
        if (!left.IsMemory && (KeepsFlags || !left.Is(destination)))
        {
            _code.Lea(_word, destination, Operand.At(left.Register, immediate));
        }
        else
        {
            _context.Copy(destination, left);
            _code.AluImmediate(AluOperation.Add, _word, destination, immediate);
        }

        _values.Finish(index, destination, a, b);
    }

    private void LowerSubtract(int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        if (_context.TryImmediate(b, out int immediate) && immediate != int.MinValue)
        {
            AddImmediate(index, a, b, -immediate);
            return;
        }

        Operand right = _values.PlaceOf(b);
        Register destination = _values.DestinationOf(index, a);
        bool isOwnOperand = !_context.IsConstant(a) && _values.PlaceOf(a).Is(destination);
        if (right.Is(destination) && !isOwnOperand)
        {
            // a - b = -b + a.
            _code.Unary(UnaryOperation.Neg, _word, destination);
            if (_context.TryImmediate(a, out int minuend))
            {
                _code.AluImmediate(AluOperation.Add, _word, destination, minuend);
            }
            else
            {
                _code.Alu(AluOperation.Add, _word, destination, _values.PlaceOf(a));
            }
        }
        else
        {
            _values.MoveTo(destination, a);
            _code.Alu(AluOperation.Sub, _word, destination, right);
        }

        _values.Finish(index, destination, a, b);
    }

    private void LowerCommutative(int index, AluOperation operation)
    {
        (int a, int b) = ConstantLast(index);
        Operand left = _values.PlaceOf(a);
        if (_context.TryImmediate(b, out int immediate))
        {
            Register target = _values.DestinationOf(index, a);
            _context.Copy(target, left);
            _code.AluImmediate(operation, _word, target, immediate);
            _values.Finish(index, target, a, b);
            return;
        }

        Operand right = _values.PlaceOf(b);
        Register destination = _values.DestinationOf(index, a);
        Combine(operation, destination, left, right);
        _values.Finish(index, destination, a, b);
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
            _context.Copy(destination, left);
            _code.Alu(operation, _word, destination, right);
        }
    }

    private void LowerAndNot(int index)
    {
        int a = _list[index].A;
        int b = _list[index].B;
        Operand left = _values.PlaceOf(a);
        Register inverted = _values.RegisterOf(b);
        Register destination = _values.DestinationOf(index, b);
        _code.Andn(_word, destination, inverted, left);
        _values.Finish(index, destination, a, b);
    }

    private void LowerNot(int index)
    {
        int a = _list[index].A;
        Operand source = _values.PlaceOf(a);
        Register destination = _values.DestinationOf(index, a);
        _context.Copy(destination, source);
        _code.Unary(UnaryOperation.Not, _word, destination);
        _values.Finish(index, destination, a);
    }

    private void LowerShift(int index, ShiftOperation operation)
    {
        int a = _list[index].A;
        int count = _list[index].B;
        Operand source = _values.PlaceOf(a);
        if (_context.IsConstant(count))
        {
            Register target = _values.DestinationOf(index, a);
            _context.Copy(target, source);
            _code.ShiftImmediate(operation, _word, target, (int)_list[count].Constant);
            _values.Finish(index, target, a, count);
            return;
        }

        Register amount = _values.RegisterOf(count);
        Register destination = _values.DestinationOf(index, a);
        _code.Shift(operation, _word, destination, source, amount);
        _values.Finish(index, destination, a, count);
    }

    private void LowerConversion(int index)
    {
        int a = _list[index].A;
        Operand source = _values.PlaceOf(a);
        Register destination = _values.DestinationOf(index, a);
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

        _values.Finish(index, destination, a);
    }

    private (int A, int B) ConstantLast(int index)
    {
        MicroOperation operation = _list[index];
        return _context.IsConstant(operation.A) && !_context.IsConstant(operation.B)
            ? (operation.B, operation.A)
            : (operation.A, operation.B);
    }
}
