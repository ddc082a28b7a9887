using System.CommandLine;

namespace Culverin.Cli.Flags;

/// <summary>
/// The words of a command line, read with the conventions of Go programs and rewritten for the parser: one or
/// two dashes before a flag, the word after a flag is its value whatever it looks like, switches take a value
/// only after an equals sign, `--` ends the flags and begins the server's command.
/// </summary>
/// <param name="Words">Flags as the parser takes them without doubt.</param>
/// <param name="ServerCommand">The words after `--`.</param>
/// <param name="AsksForHelp">Whether help was asked for.</param>
internal sealed record GoStyleArguments(
    IReadOnlyList<string> Words, IReadOnlyList<string> ServerCommand, bool AsksForHelp)
{
    private static readonly string[] TrueWords = ["1", "t", "T", "true", "TRUE", "True"];
    private static readonly string[] FalseWords = ["0", "f", "F", "false", "FALSE", "False"];

    /// <summary>Reads the words after the verb.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    /// <param name="words">The words.</param>
    /// <param name="flags">The verb's flags by name.</param>
    /// <param name="operand">
    /// The flag whose value may also be given as a word alone; null where there is none.
    /// </param>
    public static GoStyleArguments Read(
        IReadOnlyList<string> words, Dictionary<string, Option> flags, Option<string>? operand = null)
    {
        var rewritten = new List<string>();
        for (int index = 0; index < words.Count; index++)
        {
            string word = words[index];
            if (word == "--")
            {
                return new GoStyleArguments(rewritten, [.. words.Skip(index + 1)], false);
            }

            if (operand is not null && word.Length > 0 && word[0] != '-')
            {
                rewritten.Add($"{operand.Name}={word}");
                operand = null;
                continue;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                throw Invalid($"\"{word}\" is not a flag; a pre-image server's command goes after \"--\"");
            }

            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = "--" + (equals < 0 ? word : word[..equals]).TrimStart('-');
            string? value = equals < 0 ? null : word[(equals + 1)..];
            if (name is "--help" or "--h")
            {
                return new GoStyleArguments([], [], true);
            }

            Option flag = flags.GetValueOrDefault(name) ?? throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"There is no flag {name} here.{Spelling.Hint(name, flags.Keys)}");
            rewritten.Add(name);
            if (flag is Option<bool>)
            {
                value = ReadSwitch(name, value);
            }
            else if (value is null)
            {
                value = ++index < words.Count
                    ? words[index]
                    : throw Invalid($"The flag {name} needs a value");
            }

            if (value.Length == 0 && flag is TextFlag { MayBeEmpty: false })
            {
                throw Invalid($"The flag {name} does not take an empty value");
            }

            Attach(rewritten, value);
        }

        return new GoStyleArguments(rewritten, [], false);
    }

    // A value that could be taken for a flag must be in one word with its name; an empty one must not.
    private static void Attach(List<string> words, string value)
    {
        if (value.Length == 0)
        {
            words.Add(value);
        }
        else
        {
            words[^1] += "=" + value;
        }
    }

    private static string ReadSwitch(string name, string? value)
    {
        if (value is null || TrueWords.Contains(value))
        {
            return "true";
        }

        return FalseWords.Contains(value)
            ? "false"
            : throw Invalid($"The switch {name} is true or false, not \"{value}\"");
    }

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");
}
