using System.Globalization;
using System.Text;

namespace Culverin.Cli.Files;

/// <summary>
/// A file name with a place for the step, in the printf style of the reference: %d, %v, %x, %X with an
/// optional width (zero-padded when it starts with 0), and %% for a percent sign. Immutable.
/// </summary>
internal sealed class FileNameFormat
{
    /// <summary>Stands for standard output.</summary>
    public const string StandardOutput = "-";

    private const int WidthMax = 64;
    private readonly string _format;

    /// <summary>Checks a format.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public FileNameFormat(string format)
    {
        _format = format;
        HasStep = Expand(0) != Expand(ulong.MaxValue);
    }

    /// <summary>Whether names of different steps differ.</summary>
    public bool HasStep { get; }

    /// <summary>Whether it means standard output.</summary>
    public bool IsStandardOutput => _format == StandardOutput;

    /// <summary>The file name for a step.</summary>
    public string Expand(ulong step)
    {
        var name = new StringBuilder();
        for (int index = 0; index < _format.Length; index++)
        {
            if (_format[index] == '%')
            {
                AppendVerb(name, ref index, step);
            }
            else
            {
                name.Append(_format[index]);
            }
        }

        return name.ToString();
    }

    private void AppendVerb(StringBuilder name, ref int index, ulong step)
    {
        int start = ++index;
        bool hasZeros = index < _format.Length && _format[index] == '0';
        while (index < _format.Length && char.IsAsciiDigit(_format[index]))
        {
            index++;
        }

        string widthText = _format[start..index];
        int width = 0;
        bool isKnown = index < _format.Length && (widthText.Length == 0
            || (int.TryParse(widthText, NumberStyles.None, CultureInfo.InvariantCulture, out width)
                && width <= WidthMax));
        string? value = !isKnown ? null : _format[index] switch
        {
            'd' or 'v' => step.ToString(CultureInfo.InvariantCulture),
            'x' => step.ToString("x", CultureInfo.InvariantCulture),
            'X' => step.ToString("X", CultureInfo.InvariantCulture),
            '%' when widthText.Length == 0 => "%",
            _ => null,
        };
        if (value is null)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"The file name \"{_format}\" needs d, x or a percent sign after a percent sign.");
        }

        name.Append(value.PadLeft(width, hasZeros ? '0' : ' '));
    }
}
