using System.Globalization;

namespace Culverin.Cli.Flags;

/// <summary>
/// Chooses steps: `never` or nothing, `always`, `=N` exactly N, `%N` every multiple of N (0 included), or
/// several of these with commas between. N is decimal, or has the prefix 0x, 0o, 0b or 0 (octal) as in Go.
/// Immutable.
/// </summary>
internal sealed class StepPattern
{
    private const int DecimalBase = 10;
    private const int OctalBase = 8;

    private readonly ulong[] _exactSteps;
    private readonly ulong[] _intervals;

    private StepPattern(string text, IEnumerable<ulong> exactSteps, IEnumerable<ulong> intervals)
    {
        Text = text;
        _exactSteps = [.. exactSteps.Distinct().Order()];
        _intervals = [.. intervals.Distinct()];
    }

    /// <summary>Matches no step.</summary>
    public static StepPattern Never { get; } = new("never", [], []);

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether no step matches.</summary>
    public bool IsNever => _exactSteps.Length == 0 && _intervals.Length == 0;

    /// <summary>The steps that are named one by one, in ascending order.</summary>
    public IReadOnlyList<ulong> ExactSteps => _exactSteps;

    /// <summary>Whether more than one step may match.</summary>
    public bool IsRepeating => _exactSteps.Length > 1 || _intervals.Length > 0;

    /// <summary>Matches these steps.</summary>
    public static StepPattern Of(IEnumerable<ulong> steps) =>
        new(string.Join(',', steps.Select(step => $"={step}")), steps, []);

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static StepPattern Parse(string text)
    {
        var exactSteps = new List<ulong>();
        var intervals = new List<ulong>();
        foreach (string term in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (term is "" or "never")
            {
                continue;
            }

            if (term == "always")
            {
                intervals.Add(1);
                continue;
            }

            if (term[0] is not ('=' or '%') || !TryParseNumber(term[1..], out ulong number))
            {
                throw Invalid($"\"{term}\" is no step pattern; use never, always, =N, %N or a list of these");
            }

            if (term[0] == '%' && number == 0)
            {
                throw Invalid("%0 matches nothing; the number after a percent sign must be above 0");
            }

            (term[0] == '=' ? exactSteps : intervals).Add(number);
        }

        return new StepPattern(text, exactSteps, intervals);
    }

    /// <summary>Reads a number as Go does: prefixes 0x, 0o, 0b, 0, then underscores between digits.</summary>
    public static bool TryParseNumber(string text, out ulong number)
    {
        number = 0;
        (int radix, int prefixLength) = RadixOf(text);
        string digits = text[prefixLength..];
        if (digits.Length == 0)
        {
            return false;
        }

        bool mayUnderscore = prefixLength > 0;
        for (int index = 0; index < digits.Length; index++)
        {
            char digit = digits[index];
            if (digit == '_' && mayUnderscore && index + 1 < digits.Length)
            {
                mayUnderscore = false;
                continue;
            }

            int value = char.IsAsciiHexDigit(digit)
                ? int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : int.MaxValue;
            if (value >= radix || number > (ulong.MaxValue - (ulong)value) / (ulong)radix)
            {
                return false;
            }

            number = (number * (ulong)radix) + (ulong)value;
            mayUnderscore = true;
        }

        return true;
    }

    /// <summary>Whether a step matches.</summary>
    public bool Matches(ulong step) =>
        Array.BinarySearch(_exactSteps, step) >= 0
            || Array.Exists(_intervals, interval => step % interval == 0);

    /// <summary>The first matching step not before <paramref name="step"/>; null if there is none.</summary>
    public ulong? NextAtOrAfter(ulong step)
    {
        int index = Array.BinarySearch(_exactSteps, step);
        index = index < 0 ? ~index : index;
        ulong? next = index < _exactSteps.Length ? _exactSteps[index] : null;
        foreach (ulong interval in _intervals)
        {
            ulong past = step % interval;
            ulong ahead = past == 0 ? 0 : interval - past;
            if (ahead <= ulong.MaxValue - step && (next is null || step + ahead < next))
            {
                next = step + ahead;
            }
        }

        return next;
    }

    /// <summary>
    /// Steps from one step to the next that matches, at least one. The counter starts again at 2^64, as the
    /// reference's does. Null if there is none, or only the same one again.
    /// </summary>
    public ulong? StepsToNext(ulong step)
    {
        ulong? next = (step < ulong.MaxValue ? NextAtOrAfter(step + 1) : null) ?? NextAtOrAfter(0);
        return next is { } match && match != step ? unchecked(match - step) : null;
    }

    private static (int Radix, int PrefixLength) RadixOf(string text)
    {
        if (text.Length < 2 || text[0] != '0')
        {
            return (DecimalBase, 0);
        }

        return char.ToLowerInvariant(text[1]) switch
        {
            'x' => (16, 2),
            'o' => (OctalBase, 2),
            'b' => (2, 2),
            _ => (OctalBase, 1),
        };
    }

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");
}
