namespace Culverin.Isa;

/// <summary>The statements of one described body, and how formulas are put together and shortened.</summary>
internal sealed class FormulaText
{
    private static readonly (string Sign, string Opposite)[] Comparisons =
    [
        (" == ", " != "),
        (" < ", " >= "),
        (" > ", " <= "),
        (" <u ", " >=u "),
    ];

    private readonly List<string> _statements = [];
    private readonly List<string> _addresses = [];
    private readonly List<string> _shiftCounts = [];
    private bool _written;

    /// <summary>Two operands and a sign between them.</summary>
    public static string Infix(string a, string sign, string b) => $"{Operand(a)} {sign} {Operand(b)}";

    /// <summary>The formula as an operand: in parentheses if it has a sign of its own.</summary>
    public static string Operand(string formula) => IsCompound(formula) ? $"({formula})" : formula;

    /// <summary>The opposite of a comparison; null for anything else.</summary>
    public static string? Negate(string formula)
    {
        foreach ((string sign, string opposite) in Comparisons)
        {
            int at = formula.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0 && IsOperand(formula[..at]) && IsOperand(formula[(at + sign.Length)..]))
            {
                return formula[..at] + opposite + formula[(at + sign.Length)..];
            }
        }

        return null;
    }

    /// <summary>Adds a statement.</summary>
    public void Write(string statement)
    {
        _written = true;
        _statements.Add(statement);
    }

    /// <summary>
    /// Adds a statement after which the body may still read: a trap, or a store that has a result.
    /// </summary>
    public void WriteBeforeResult(string statement) => _statements.Add(statement);

    /// <summary>Refuses a body that reads after it has written.</summary>
    public void RequireNothingWritten()
    {
        if (_written)
        {
            throw new InvalidOperationException("An instruction body reads after it has written.");
        }
    }

    /// <summary>Says that a formula is a memory address, to be named if it comes more than once.</summary>
    public void NoteAddress(string formula) => _addresses.Add(formula);

    /// <summary>Says that a formula is a shift count, to be named if it comes more than once.</summary>
    public void NoteShiftCount(string formula) => _shiftCounts.Add(formula);

    /// <summary>All statements; what repeats as an address is named ea, as a shift count n.</summary>
    public override string ToString()
    {
        string text = string.Join("; ", _statements);
        string definitions = "";
        foreach (string address in _addresses.Distinct())
        {
            Name(address, "ea", ref text, ref definitions);
        }

        // Counts were noted before the address had its name.
        foreach (string count in _shiftCounts.Select(count => Shorten(count, _addresses, "ea")).Distinct())
        {
            Name(count, "n", ref text, ref definitions);
        }

        return definitions + text;
    }

    private static string Shorten(string formula, List<string> parts, string name)
    {
        foreach (string part in parts)
        {
            formula = Replace(formula, part, name);
        }

        return formula;
    }

    private static void Name(string formula, string name, ref string text, ref string definitions)
    {
        if (IsCompound(formula) && text.Split(formula).Length > 2)
        {
            text = Replace(text, formula, name);
            definitions += $"{name} = {formula}; ";
        }
    }

    private static string Replace(string text, string formula, string name) => text
        .Replace($"({formula})", name, StringComparison.Ordinal)
        .Replace(formula, name, StringComparison.Ordinal);

    // Half of a formula that was cut inside brackets is no operand.
    private static bool IsOperand(string formula) =>
        !IsCompound(formula) && formula.Count(c => c is '(' or '[') == formula.Count(c => c is ')' or ']');

    // A blank outside all brackets means a sign between operands.
    private static bool IsCompound(string formula)
    {
        int depth = 0;
        foreach (char c in formula)
        {
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c == ' ' && depth == 0)
            {
                return true;
            }
        }

        return false;
    }
}
