using Culverin.X64;

namespace Culverin.Translate;

/// <summary>Comparisons and what depends on them.</summary>
internal sealed partial class Lowering
{
    // Sets the flags so that the returned condition holds if the value is not zero, and releases the value.
    private Condition LowerCondition(int value)
    {
        bool negated = false;
        while (!_isPlaced[value] && IsNegation(value))
        {
            int inner = _list[value].A;
            _usesLeft[value]--;
            negated = !negated;
            value = inner;
        }

        Condition condition;
        if (!_isPlaced[value] && IsComparison(_list[value].Kind))
        {
            condition = Compare(value);
            _usesLeft[value]--;
        }
        else
        {
            Register register = RegisterOf(value);
            _code.Test(_word, register, register);
            Release(value);
            condition = Condition.NotEqual;
        }

        return negated ? condition.Negate() : condition;
    }

    // "x equals 0" where x is itself a comparison.
    private bool IsNegation(int value)
    {
        MicroOperation operation = _list[value];
        return operation.Kind == MicroOperationKind.EqualTo
            && IsComparison(_list[operation.A].Kind)
            && IsConstant(operation.B)
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
        if (IsConstant(a) && !IsConstant(b))
        {
            (a, b) = (b, a);
            condition = Mirror(condition);
        }

        Operand left = PlaceOf(a);
        if (TryImmediate(b, out int immediate))
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
            _code.Alu(AluOperation.Cmp, _word, RegisterOf(a), PlaceOf(b));
        }

        Release(a);
        Release(b);
        return condition;
    }

    // The condition after its two operands changed places.
    private static Condition Mirror(Condition condition) => condition switch
    {
        Condition.Less => Condition.Greater,
        Condition.Below => Condition.Above,
        _ => condition,
    };

    // A comparison as a word: 1 or 0.
    private void Materialize(int value, Register register)
    {
        Condition condition = LowerConditionKeepingUse(value);
        _code.MovImmediate(register, 0);
        _code.Setcc(condition, register);
    }

    // Whoever materializes a comparison goes on to use it, and releases it then.
    private Condition LowerConditionKeepingUse(int value)
    {
        int uses = _usesLeft[value];
        Condition condition = LowerCondition(value);
        _usesLeft[value] = uses;
        return condition;
    }

    private void LowerSelect(MicroRange range, int index)
    {
        MicroOperation operation = _list[index];
        int whenTrue = operation.B;
        int whenFalse = operation.C;

        // Brought into place before the flags are set, which a comparison would overwrite.
        Register? pin = PinSetNext(range, index);
        Operand source = PlaceOf(whenTrue);
        Operand other = PlaceOf(whenFalse);
        Condition condition = LowerCondition(operation.A);
        if (pin is { } kept && source.Is(kept))
        {
            _code.Cmov(condition.Negate(), _word, kept, other);
            Finish(index, kept, whenTrue, whenFalse);
            return;
        }

        Register destination = pin ?? TakeTemporary();
        if (!other.Is(destination))
        {
            _code.Mov(_word, destination, other);
        }

        _code.Cmov(condition, _word, destination, source);
        Finish(index, destination, whenTrue, whenFalse);
    }
}
