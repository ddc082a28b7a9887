using System.Buffers;
using System.CommandLine;
using System.Globalization;
using Culverin.Cli.Files;

namespace Culverin.Cli.Flags;

/// <summary>Makes the options of commands; as in Go, the last of several equal flags counts.</summary>
internal static class Flag
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>A flag with a text.</summary>
    /// <param name="name">With two dashes.</param>
    /// <param name="valueName">What the value is, in capitals.</param>
    /// <param name="description">For the help.</param>
    /// <param name="standard">What holds when the flag is not given.</param>
    /// <param name="mayBeEmpty">Whether an empty text has a meaning; else it is refused.</param>
    public static Option<string> Text(
        string name, string valueName, string description, string standard = "", bool mayBeEmpty = false) =>
        new TextFlag(name, mayBeEmpty)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => standard,
            CustomParser = result => result.Tokens[^1].Value,
        };

    /// <summary>A flag with a text that must be given.</summary>
    public static Option<string> RequiredText(string name, string valueName, string description)
    {
        Option<string> option = Text(name, valueName, description);
        option.Required = true;
        option.DefaultValueFactory = null;
        return option;
    }

    /// <summary>A flag that is on or off.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value == "true",
        };

    /// <summary>Whether the flag was given.</summary>
    public static bool IsGiven(this ParseResult flags, Option option) =>
        flags.GetResult(option) is { Implicit: false };

    /// <summary>The text of a flag.</summary>
    public static string TextOf(this ParseResult flags, Option<string> option) =>
        flags.GetValue(option) ?? "";

    /// <summary>The pattern of a flag.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static StepPattern PatternOf(this ParseResult flags, Option<string> option) =>
        Named(option, () => StepPattern.Parse(flags.TextOf(option)));

    /// <summary>The file name format of a flag.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static FileNameFormat FormatOf(this ParseResult flags, Option<string> option) =>
        Named(option, () => new FileNameFormat(flags.TextOf(option)));

    /// <summary>The whole number of a flag, at most <paramref name="maximum"/>.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static ulong NumberOf(this ParseResult flags, Option<string> option, ulong maximum)
    {
        string text = flags.TextOf(option);
        return StepPattern.TryParseNumber(text, out ulong number) && number <= maximum
            ? number
            : throw new CulverinException(
                ErrorCode.InvalidArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{option.Name} takes a whole number from 0 to {maximum}, not \"{text}\"."));
    }

    /// <summary>The hash of a flag: 32 bytes, written as 0x and 64 hexadecimal digits.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static byte[] HashOf(this ParseResult flags, Option<string> option)
    {
        const string Prefix = "0x";
        const int Digits = 64;
        string text = flags.TextOf(option);
        bool isHash = text.Length == Prefix.Length + Digits
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;
        return isHash
            ? Convert.FromHexString(text.AsSpan(Prefix.Length))
            : throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{option.Name} takes a hash of {Prefix} and {Digits} hexadecimal digits, not \"{text}\".");
    }

    private static T Named<T>(Option<string> option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CulverinException error)
        {
            throw new CulverinException(error.Code, $"{option.Name}: {error.Message}", error);
        }
    }
}
