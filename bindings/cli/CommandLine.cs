using System.CommandLine;
using System.Reflection;
using Culverin.Cli.Commands;
using Culverin.Cli.Commands.Inspect;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Commands.Trace;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Files.Streams;

namespace Culverin.Cli;

/// <summary>Finds the verb, reads its flags, runs it, reports errors.</summary>
internal sealed class CommandLine
{
    private const string ProgramName = "culverin";

    private readonly Log _log;
    private readonly Verb[] _verbs;
    private bool _isJson;

    public CommandLine(Log log, Interruption interruption)
    {
        _log = log;
        _verbs =
        [
            new LoadElfCommand(),
            new RunCommand(log, interruption),
            new WitnessCommand(),
            new ListCommand(),
            new VerifyCommand(),
            new AnalyzeCommand(),
            new DisassembleCommand(),
            new StraceCommand(log, interruption),
            new ExplainCommand(log, interruption),
            new DebugCommand(log, interruption),
            new DiffCommand(log, interruption),
            new ConvertCommand(),
            new TraceBuildCommand(log, interruption),
            new TraceHashCommand(log, interruption),
            new TraceProofCommand(log, interruption),
            new TraceInfoCommand(log, interruption),
        ];
    }

    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <exception cref="CulverinException">The command line itself is wrong.</exception>
    public int Run(string[] arguments)
    {
        _isJson = AsksForJson(arguments);
        try
        {
            return Choose(arguments);
        }
        catch (Exception error) when (_isJson && error is not StandardOutputException)
        {
            StandardOutput.WriteJson(ErrorReport.Of(error), isIndented: false);
            throw;
        }
    }

    private int Choose(string[] arguments)
    {
        // The one flag that may stand before what asks for no command.
        string[] words = [.. arguments.SkipWhile(IsJson)];
        if (words.Length > 0 && (IsHelp(words[0]) || IsVersion(words[0])))
        {
            arguments = words;
        }

        string first = arguments.Length > 0 ? arguments[0] : "help";
        switch (first)
        {
            case var word when IsHelp(word):
                return ShowHelp(arguments.Length > 1 ? string.Join(' ', arguments[1..]) : null);
            case var word when IsVersion(word):
                return ShowVersion();
            case TraceVerb.FirstWord when arguments.Length == 1 || IsHelp(arguments[1]):
                return ShowHelp(string.Join(' ', [first, .. arguments.Skip(2)]));
            default:
                int count = first == TraceVerb.FirstWord ? 2 : 1;
                return RunVerb(Find(string.Join(' ', arguments[..count])), arguments[count..]);
        }
    }

    private static bool IsVersion(string word) => word is "version" or "--version" or "-version" or "-v";

    private static bool IsHelp(string word) => word is "help" or "h" or "--help" or "-help" or "-h";

    // As far as can be known before the flags of a command are read: they may be what is wrong.
    private static bool AsksForJson(string[] arguments) => arguments
        .TakeWhile(word => word != "--")
        .Any(IsJson);

    private static bool IsJson(string word) =>
        word is "--json" or "-json" || word.TrimStart('-') is "json=true" or "json=1";

    private int ShowVersion()
    {
        if (_isJson)
        {
            StandardOutput.WriteJson(new VersionReport(Version()), isIndented: true);
        }
        else
        {
            StandardOutput.WriteText($"{ProgramName} version {Version()}\n");
        }

        return ExitCodes.Success;
    }

    private static string Version() =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    private Verb Find(string name) =>
        Array.Find(_verbs, verb => verb.Name == name) ?? throw new CulverinException(
            ErrorCode.InvalidArgument,
            $"There is no command \"{name}\"; the commands are "
                + $"{string.Join(", ", _verbs.Select(verb => verb.Name))}."
                + Spelling.Hint(name, _verbs.Select(verb => verb.Name)));

    private int ShowHelp(string? verbName)
    {
        var text = new StringWriter { NewLine = "\n" };
        if (verbName is null)
        {
            HelpText.WriteProgram(text, ProgramName, _verbs);
        }
        else if (verbName == TraceVerb.FirstWord)
        {
            HelpText.WriteGroup(
                text, ProgramName, verbName, "hashes and proofs at any step of a program's run",
                [.. _verbs.OfType<TraceVerb>()]);
        }
        else
        {
            HelpText.WriteVerb(text, ProgramName, Find(verbName));
        }

        StandardOutput.WriteText(text.ToString());
        return ExitCodes.Success;
    }

    private int RunVerb(Verb verb, string[] words)
    {
        Dictionary<string, Option> known = verb.Command.Options.ToDictionary(option => option.Name);
        GoStyleArguments arguments = GoStyleArguments.Read(words, known, verb.Operand);
        if (arguments.AsksForHelp)
        {
            return ShowHelp(verb.Name);
        }

        if (arguments.ServerCommand.Count > 0 && !verb.TakesServer)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"The command {verb.Name} takes no server after \"--\".");
        }

        // Words such as @file or [name] are ordinary values here.
        var configuration = new ParserConfiguration
        {
            ResponseFileTokenReplacer = null,
            EnablePosixBundling = false,
        };
        ParseResult flags = verb.Command.Parse(arguments.Words, configuration);
        if (flags.Errors.Count > 0)
        {
            throw new CulverinException(ErrorCode.InvalidArgument, flags.Errors[0].Message);
        }

        _isJson = flags.GetValue(verb.JsonFlag);
        return verb.Run(flags, arguments.ServerCommand);
    }
}
