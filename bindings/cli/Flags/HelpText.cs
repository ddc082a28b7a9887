using System.CommandLine;

namespace Culverin.Cli.Flags;

/// <summary>Writes what --help shows.</summary>
internal static class HelpText
{
    private const int LineWidth = 100;

    /// <summary>The overview of all commands.</summary>
    public static void WriteProgram(TextWriter text, string programName, IReadOnlyList<Verb> verbs)
    {
        text.WriteLine($"{programName}: runs MIPS programs, commits to their states, proves their steps");
        text.WriteLine();
        text.WriteLine($"Usage: {programName} COMMAND [flags]");
        text.WriteLine($"       {programName} COMMAND --help");
        text.WriteLine($"       {programName} --version");
        WriteCommands(text, verbs);
    }

    /// <summary>The overview of commands that share their first word.</summary>
    public static void WriteGroup(
        TextWriter text, string programName, string firstWord, string description, IReadOnlyList<Verb> verbs)
    {
        text.WriteLine($"{programName} {firstWord}: {description}");
        text.WriteLine();
        text.WriteLine($"Usage: {programName} {firstWord} COMMAND [flags]");
        text.WriteLine($"       {programName} {firstWord} COMMAND --help");
        WriteCommands(text, verbs);
    }

    /// <summary>One command and its flags.</summary>
    public static void WriteVerb(TextWriter text, string programName, Verb verb)
    {
        text.WriteLine($"{programName} {verb.Name}: {verb.Command.Description}");
        text.WriteLine();
        string server = verb.TakesServer ? " [-- SERVER ARGUMENTS...]" : "";
        string operand = verb.Operand is { } flag ? $" {flag.HelpName}" : "";
        text.WriteLine($"Usage: {programName} {verb.Name}{operand} [flags]{server}");
        text.WriteLine();
        text.WriteLine("Flags (one dash or two, value after a space or an equals sign):");
        int width = verb.Command.Options.Max(flag => Label(flag).Length);
        foreach (Option each in verb.Command.Options)
        {
            WriteRow(text, Label(each), width, each.Description + Standard(each));
        }

        text.WriteLine();
        WriteExitCodes(text);
    }

    private static void WriteCommands(TextWriter text, IReadOnlyList<Verb> verbs)
    {
        text.WriteLine();
        text.WriteLine("Commands:");
        int width = verbs.Max(verb => verb.Name.Length);
        foreach (Verb verb in verbs)
        {
            WriteRow(text, verb.Name, width, verb.Command.Description!);
        }

        text.WriteLine();
        WriteExitCodes(text);
    }

    private static string Label(Option flag) =>
        flag.HelpName is null ? flag.Name : $"{flag.Name} {flag.HelpName}";

    private static string Standard(Option flag)
    {
        if (flag.Required)
        {
            return " (required)";
        }

        string value = (flag as Option<string>)?.GetDefaultValue() as string ?? "";
        return value.Length > 0 ? $" (default {value})" : "";
    }

    private static void WriteRow(TextWriter text, string label, int labelWidth, string description)
    {
        string indent = new(' ', labelWidth + 4);
        string line = "  " + label.PadRight(labelWidth + 2);
        foreach (string word in description.Split(' '))
        {
            if (line.Length + 1 + word.Length > LineWidth && line.Length > indent.Length)
            {
                text.WriteLine(line.TrimEnd());
                line = indent;
            }

            line += line.Length > indent.Length ? " " + word : word;
        }

        text.WriteLine(line);
    }

    private static void WriteExitCodes(TextWriter text)
    {
        text.WriteLine("Exit codes: 0 done (whatever the guest's own exit code), 1 error, 2 the guest did");
        text.WriteLine("what the virtual machine forbids, 3 a proof was rejected (verify), of analyze 4 the");
        text.WriteLine("program cannot run, 5 it may panic or go wrong, 6 it is not known whether it runs,");
        text.WriteLine("7 the traces differ (diff),");
        text.WriteLine("130 interrupted after the state was saved, 141 whoever read standard output went");
        text.WriteLine("away.");
    }
}
