using System.CommandLine;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;

namespace Culverin.Cli.Commands;

/// <summary>
/// A command that runs steps of a guest: it takes a pre-image server and may be interrupted.
/// </summary>
internal abstract class RunningVerb : Verb
{
    protected RunningVerb(
        Log log, Interruption interruption, string name, string description, params Option[] flags)
        : base(name, description, flags)
    {
        Log = log;
        Interruption = interruption;
    }

    /// <inheritdoc/>
    public override bool TakesServer => true;

    /// <summary>Takes what is to be said beside the report.</summary>
    protected Log Log { get; }

    /// <summary>Ends the run early.</summary>
    protected Interruption Interruption { get; }
}
