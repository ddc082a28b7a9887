using System.CommandLine;

namespace Culverin.Cli.Flags;

/// <summary>One command of the program.</summary>
internal abstract class Verb
{
    protected Verb(string name, string description, params Option[] flags)
    {
        Command = new Command(name, description);
        foreach (Option flag in flags)
        {
            Command.Add(flag);
        }

        Command.Add(JsonFlag);
    }

    /// <summary>What is typed to name it: one word, or two with a space between.</summary>
    public virtual string Name => Command.Name;

    /// <summary>Description and flags.</summary>
    public Command Command { get; }

    /// <summary>Whether a pre-image server may follow after `--`.</summary>
    public virtual bool TakesServer => false;

    /// <summary>The flag whose value may also be given as a word alone; null where there is none.</summary>
    public virtual Option<string>? Operand => null;

    /// <summary>Whether the report is to be JSON on standard output.</summary>
    public Option<bool> JsonFlag { get; } = Flag.Switch("--json", "report in JSON on standard output");

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CulverinException">It cannot be done.</exception>
    public abstract int Run(ParseResult flags, IReadOnlyList<string> serverCommand);
}
