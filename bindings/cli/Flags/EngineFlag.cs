using System.CommandLine;
using Culverin.Run;

namespace Culverin.Cli.Flags;

/// <summary>The flag that says how steps are executed.</summary>
internal static class EngineFlag
{
    /// <summary>Makes the flag.</summary>
    public static Option<string> Create() => Flag.Text(
        "--engine", "KIND",
        "how steps are executed: translator (as machine code), interpreter, or auto, which falls back to it",
        "auto");

    /// <summary>Its value.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static EngineKind KindOf(ParseResult flags, Option<string> flag) => flags.TextOf(flag) switch
    {
        "auto" => EngineKind.Auto,
        "interpreter" => EngineKind.Interpreter,
        "translator" => EngineKind.Translator,
        string other => throw new CulverinException(
            ErrorCode.InvalidArgument,
            $"{flag.Name} takes auto, interpreter or translator, not \"{other}\"."),
    };
}
