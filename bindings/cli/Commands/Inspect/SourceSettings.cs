using Culverin.Oracle;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>What <see cref="SourceFlags"/> say.</summary>
/// <param name="Folder">The trace's folder; empty when there is a state instead.</param>
/// <param name="Input">The state's file; empty when there is a trace.</param>
/// <param name="OpenOracle">Connects to pre-images.</param>
/// <param name="Trace">How a trace is opened or built; a machine alone has its engine and limit.</param>
internal sealed record SourceSettings(
    string Folder, string Input, Func<IPreimageOracle> OpenOracle, TraceOptions Trace)
{
    /// <summary>Whether steps come from a trace.</summary>
    public bool IsTrace => Folder.Length > 0;
}
