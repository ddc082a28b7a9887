namespace Culverin.Isa;

/// <summary>
/// The machine whose values are formulas: run on an instruction body it writes down what the body does. The
/// printed reference comes from here, so it cannot say anything else than what is executed.
/// </summary>
/// <remarks>
/// The fields of an instruction are numbers, so a body is run on an instruction whose fields are marker
/// values that no body uses as constants of its own; every marker met again prints as the field's name. <see
/// cref="Describe{TInstruction}()"/> does it twice with different markers, to be sure that none was hit by
/// chance. Values are read before anything is written; a body that does otherwise is refused, since its
/// formula would be wrong where registers coincide.
/// </remarks>
internal readonly struct DescribingMachine : IMachine<string>
{
    private const string Zero = "0";
    private const int LinkRegister = 31;

    private readonly InstructionMarkers _markers;
    private readonly FormulaText _text;

    private DescribingMachine(InstructionMarkers markers, FormulaText text)
    {
        _markers = markers;
        _text = text;
    }

    /// <summary>What an instruction does, as statements separated by "; ".</summary>
    /// <exception cref="InvalidOperationException">
    /// The body reads after it wrote, or meets a marker.
    /// </exception>
    public static string Describe<TInstruction>()
        where TInstruction : struct, IInstruction
    {
        string first = Describe<TInstruction>(InstructionMarkers.First);
        string second = Describe<TInstruction>(InstructionMarkers.Second);
        return first == second
            ? first
            : throw new InvalidOperationException(
                $"The body of {TInstruction.Row.Mnemonic} uses a marker's value: \"{first}\", \"{second}\".");
    }

    /// <inheritdoc/>
    public string Get(int register)
    {
        _text.RequireNothingWritten();
        return _markers.NameOfRegister(register);
    }

    /// <inheritdoc/>
    public void Set(int register, string value) =>
        _text.Write($"{(register == LinkRegister ? "r31" : _markers.NameOfRegister(register))} = {value}");

    /// <inheritdoc/>
    public string GetHi()
    {
        _text.RequireNothingWritten();
        return "hi";
    }

    /// <inheritdoc/>
    public void SetHi(string value) => _text.Write($"hi = {value}");

    /// <inheritdoc/>
    public string GetLo()
    {
        _text.RequireNothingWritten();
        return "lo";
    }

    /// <inheritdoc/>
    public void SetLo(string value) => _text.Write($"lo = {value}");

    /// <inheritdoc/>
    public string Constant(long value) => _markers.NameOfConstant(value);

    /// <inheritdoc/>
    public string LinkAddress() => "pc + 8";

    /// <inheritdoc/>
    public string Add(string a, string b) => FormulaText.Infix(a, "+", b);

    /// <inheritdoc/>
    public string Subtract(string a, string b) => FormulaText.Infix(a, "-", b);

    /// <inheritdoc/>
    public string Multiply(string a, string b) => FormulaText.Infix(a, "*", b);

    /// <inheritdoc/>
    public string And(string a, string b) => FormulaText.Infix(a, "&", b);

    /// <inheritdoc/>
    public string AndNot(string a, string b) => FormulaText.Infix(a, "&", Not(b));

    /// <inheritdoc/>
    public string Or(string a, string b) => FormulaText.Infix(a, "|", b);

    /// <inheritdoc/>
    public string Xor(string a, string b) => FormulaText.Infix(a, "^", b);

    /// <inheritdoc/>
    public string Not(string a) => "~" + FormulaText.Operand(a);

    /// <inheritdoc/>
    public string ShiftLeft(string a, string count) => Shift(a, "<<", count);

    /// <inheritdoc/>
    public string ShiftRightLogical(string a, string count) => Shift(a, ">>>", count);

    /// <inheritdoc/>
    public string ShiftRightArithmetic(string a, string count) => Shift(a, ">>", count);

    /// <inheritdoc/>
    public string SignExtend8(string a) => $"sext8({a})";

    /// <inheritdoc/>
    public string SignExtend16(string a) => $"sext16({a})";

    /// <inheritdoc/>
    public string SignExtend32(string a) => $"sext32({a})";

    /// <inheritdoc/>
    public string ZeroExtend32(string a) => $"zext32({a})";

    /// <inheritdoc/>
    public string EqualTo(string a, string b) =>
        b == Zero && FormulaText.Negate(a) is { } negated ? negated : FormulaText.Infix(a, "==", b);

    /// <inheritdoc/>
    public string LessThanSigned(string a, string b) =>
        a == Zero ? FormulaText.Infix(b, ">", a) : FormulaText.Infix(a, "<", b);

    /// <inheritdoc/>
    public string LessThanUnsigned(string a, string b) => FormulaText.Infix(a, "<u", b);

    /// <inheritdoc/>
    public string Select(string condition, string whenTrue, string whenFalse) =>
        $"({condition}) ? {FormulaText.Operand(whenTrue)} : {FormulaText.Operand(whenFalse)}";

    /// <inheritdoc/>
    public string CountLeadingZeros32(string a) => $"clz32({a})";

    /// <inheritdoc/>
    public string CountLeadingZeros(string a) => $"clz({a})";

    /// <inheritdoc/>
    public string MultiplyHighSigned(string a, string b) => $"mulhi({a}, {b})";

    /// <inheritdoc/>
    public string MultiplyHighUnsigned(string a, string b) => $"mulhiu({a}, {b})";

    /// <inheritdoc/>
    public string DivideSigned(string a, string b) => $"div({a}, {b})";

    /// <inheritdoc/>
    public string RemainderSigned(string a, string b) => $"rem({a}, {b})";

    /// <inheritdoc/>
    public string DivideUnsigned(string a, string b) => $"divu({a}, {b})";

    /// <inheritdoc/>
    public string RemainderUnsigned(string a, string b) => $"remu({a}, {b})";

    /// <inheritdoc/>
    public string MultiplyHighSigned32(string a, string b) => $"mulhi32({a}, {b})";

    /// <inheritdoc/>
    public string MultiplyHighUnsigned32(string a, string b) => $"mulhi32u({a}, {b})";

    /// <inheritdoc/>
    public string DivideSigned32(string a, string b) => $"div32({a}, {b})";

    /// <inheritdoc/>
    public string RemainderSigned32(string a, string b) => $"rem32({a}, {b})";

    /// <inheritdoc/>
    public string DivideUnsigned32(string a, string b) => $"div32u({a}, {b})";

    /// <inheritdoc/>
    public string RemainderUnsigned32(string a, string b) => $"rem32u({a}, {b})";

    /// <inheritdoc/>
    public string Load(string address, Width width)
    {
        _text.RequireNothingWritten();
        return Memory(address, width);
    }

    /// <inheritdoc/>
    public void Store(string address, Width width, string value) =>
        _text.Write($"{Memory(address, width)} = {value}");

    /// <inheritdoc/>
    public string LoadLinked(string address, Width width)
    {
        _text.RequireNothingWritten();
        return $"linked {Memory(address, width)}";
    }

    /// <inheritdoc/>
    public string StoreConditional(string address, Width width, string value)
    {
        _text.WriteBeforeResult($"if reserved: {Memory(address, width)} = {value}");
        return "reserved";
    }

    /// <inheritdoc/>
    public void BranchIf(string condition, int offset) => _text.Write(
        condition == Zero
            ? "branch never taken"
            : $"if {condition}: goto nextPC + 4*{_markers.NameOfConstant(offset)}");

    /// <inheritdoc/>
    public void Jump(int index) => _text.Write($"goto region(nextPC) + 4*{_markers.NameOfJumpIndex(index)}");

    /// <inheritdoc/>
    public void JumpRegister(string address) => _text.Write($"goto {address}");

    /// <inheritdoc/>
    public void TrapIf(string condition, TrapReason reason)
    {
        _text.RequireNothingWritten();
        _text.WriteBeforeResult(condition == "1" ? $"trap {reason}" : $"if {condition}: trap {reason}");
    }

    /// <inheritdoc/>
    public void Syscall() => _text.Write("system call");

    private static string Describe<TInstruction>(InstructionMarkers markers)
        where TInstruction : struct, IInstruction
    {
        var text = new FormulaText();
        var machine = new DescribingMachine(markers, text);
        InstructionRow row = TInstruction.Row;
        TInstruction.Execute<DescribingMachine, string>(ref machine, markers.Make(row));
        return text.ToString();
    }

    private string Shift(string a, string sign, string count)
    {
        _text.NoteShiftCount(count);
        return FormulaText.Infix(a, sign, count);
    }

    private string Memory(string address, Width width)
    {
        _text.NoteAddress(address);
        return $"mem{(int)width * 8}[{address}]";
    }
}
