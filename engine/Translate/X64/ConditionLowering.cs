using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Comparisons and what depends on them.
/// </summary>
internal sealed class ConditionLowering
{
    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly ValuePlaces _values;
    private readonly OperandSize _word;

    /// <summary>Makes the part that lowers comparisons.</summary>
    public ConditionLowering(LoweringContext context, ValuePlaces values)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _values = values;
        _word = context.Word;
    }

    /// <summary>
    /// Sets the flags so that the returned condition holds if the value is not zero, and releases the value.
    /// </summary>
    public Condition Lower(int value)
    {
        bool negated = false;
        while (!_values.IsPlaced(value) && IsNegation(value))
        {
            int inner = _list[value].A;
            _values.Uses[value]--;
            negated = !negated;
            value = inner;
        }

        Condition condition;
        if (!_values.IsPlaced(value) && LoweringContext.IsComparison(_list[value].Kind))
        {
            condition = Compare(value);
            _values.Uses[value]--;
        }
        else
        {
            Register register = _values.RegisterOf(value);
            _code.Test(_word, register, register);
            _values.Release(value);
            condition = Condition.NotEqual;
        }

        return negated ? condition.Negate() : condition;
    }

    /// <summary>Brings a comparison into a register as a word: 1 or 0. The value stays in use.</summary>
    public void Materialize(int value, Register register)
    {
        Condition condition = LowerKeepingUse(value);
        _code.MovImmediate(register, 0);
        _code.Setcc(condition, register);
    }

    /// <summary>One of two values, as a condition says.</summary>
    public void LowerSelect(int index)
    {
        MicroOperation operation = _list[index];
        int whenTrue = operation.B;
        int whenFalse = operation.C;

        // Brought into place before the flags are set, which a comparison would overwrite.
        Register? pin = _values.PinSetNext(index);
        Operand source = _values.PlaceOf(whenTrue);
        Operand other = _values.PlaceOf(whenFalse);
        Condition condition = Lower(operation.A);
        if (pin is { } kept && source.Is(kept))
        {
            _code.Cmov(condition.Negate(), _word, kept, other);
            _values.Finish(index, kept, whenTrue, whenFalse);
            return;
        }

        Register destination = pin ?? _values.TakeTemporary();
        if (!other.Is(destination))
        {
            _code.Mov(_word, destination, other);
        }

        _code.Cmov(condition, _word, destination, source);
        _values.Finish(index, destination, whenTrue, whenFalse);
    }

    // "x equals 0" where x is itself a comparison.
    private bool IsNegation(int value)
    {
        MicroOperation operation = _list[value];
        return operation.Kind == MicroOperationKind.EqualTo
            && LoweringContext.IsComparison(_list[operation.A].Kind)
            && _context.IsConstant(operation.B)
            && _list[operation.B].Constant == 0;
    }

    private Condition Compare(int value)
    {
        MicroOperation operation = _list[value];
        int a = operation.A;
        int b = operation.B;
        Condition condition = operation.Kind switch
        {
            MicroOperationKind.EqualTo => Condition.Equal,
            MicroOperationKind.LessThanSigned => Condition.Less,
            _ => Condition.Below,
        };
        if (_context.IsConstant(a) && !_context.IsConstant(b))
        {
            (a, b) = (b, a);
            condition = Mirror(condition);
        }

        Operand left = _values.PlaceOf(a);
        if (_context.TryImmediate(b, out int immediate))
        {
            if (immediate == 0 && !left.IsMemory)
            {
                _code.Test(_word, left, left.Register);
            }
            else
            {
                _code.AluImmediate(AluOperation.Cmp, _word, left, immediate);
            }
        }
        else
        {
            _code.Alu(AluOperation.Cmp, _word, _values.RegisterOf(a), _values.PlaceOf(b));
        }

        _values.Release(a);
        _values.Release(b);
        return condition;
    }

    // The condition after its two operands changed places.
    private static Condition Mirror(Condition condition) => condition switch
    {
        Condition.Less => Condition.Greater,
        Condition.Below => Condition.Above,
        _ => condition,
    };

    // Whoever materializes a comparison goes on to use it, and releases it then.
    private Condition LowerKeepingUse(int value)
    {
        int uses = _values.Uses[value];
        Condition condition = Lower(value);
        _values.Uses[value] = uses;
        return condition;
    }
}
