using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Culverin.Cli;

/// <summary>Finds the verb, reads its flags, runs it, reports errors.</summary>
internal sealed class CommandLine
{
    private const string ProgramName = "culverin";

    private readonly Log _log;
    private readonly Verb[] _verbs;

    public CommandLine(Log log)
    {
        _log = log;
        _verbs =
        [
            new LoadElfCommand(),
            new RunCommand(log),
            new WitnessCommand(),
            new ListCommand(),
            new VerifyCommand(),
            new AnalyzeCommand(),
            new ConvertCommand(),
            new TraceBuildCommand(log),
            new TraceHashCommand(log),
            new TraceProofCommand(log),
            new TraceInfoCommand(log),
        ];
    }

    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <exception cref="CulverinException">The command line itself is wrong.</exception>
    public int Run(string[] arguments)
    {
        string first = arguments.Length > 0 ? arguments[0] : "help";
        switch (first)
        {
            case "help" or "h" or "--help" or "-help" or "-h":
                return ShowHelp(arguments.Length > 1 ? string.Join(' ', arguments[1..]) : null);
            case "version" or "--version" or "-version" or "-v":
                StandardOutput.WriteText($"{ProgramName} version {Version()}\n");
                return ExitCodes.Success;
            default:
                bool hasTwoWords = first == TraceVerb.FirstWord && arguments.Length > 1;
                int words = hasTwoWords ? 2 : 1;
                return RunVerb(Find(string.Join(' ', arguments[..words])), arguments[words..]);
        }
    }

    private static string Version() =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    private Verb Find(string name) =>
        Array.Find(_verbs, verb => verb.Name == name) ?? throw new CulverinException(
            ErrorCode.InvalidArgument,
            $"There is no command \"{name}\"; the commands are "
                + $"{string.Join(", ", _verbs.Select(verb => verb.Name))}.");

    private int ShowHelp(string? verbName)
    {
        var text = new StringWriter { NewLine = "\n" };
        if (verbName is null)
        {
            HelpText.WriteProgram(text, ProgramName, _verbs);
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
        GoStyleArguments arguments = GoStyleArguments.Read(words, known);
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

        try
        {
            return verb.Run(flags, arguments.ServerCommand);
        }
        catch (CulverinException error) when (flags.GetValue(verb.JsonFlag))
        {
            Reports.WriteError(error);
            throw;
        }
    }
}
