using System.CommandLine;
using Culverin.Cli.Output;
using Culverin.Files;
using Culverin.Inspect.Symbols;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>A trace with its program's symbols; a folder made for it alone goes with it.</summary>
internal sealed record OpenedTrace(TraceIndex Index, ProgramSymbols Symbols, DirectoryInfo? OwnFolder)
    : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Index.Dispose();
        OwnFolder?.Delete(recursive: true);
    }
}

/// <summary>
/// Where commands that walk to and fro take a trace from: a trace index, or a state whose index is built
/// first, in a folder that goes when they end.
/// </summary>
internal sealed class TraceSource
{
    private readonly SourceFlags _flags =
        new("state whose run is indexed first, in a folder that is removed at the end");

    /// <summary>All flags, in the order of the help.</summary>
    public Option[] All => _flags.All;

    /// <summary>Opens the trace, built to its end or to the step that cannot be executed.</summary>
    /// <exception cref="CulverinException">It cannot be had.</exception>
    public OpenedTrace Open(
        ParseResult flags, IReadOnlyList<string> serverCommand, Interruption interruption, Log log)
    {
        SourceSettings settings = _flags.Read(flags, serverCommand, interruption, log);
        DirectoryInfo? own =
            settings.IsTrace ? null : Directory.CreateTempSubdirectory("culverin-debug-");
        TraceIndex? index = null;
        try
        {
            index = own is null
                ? TraceIndex.Open(settings.Folder, settings.Trace)
                : Build(own, settings, interruption);
            return new OpenedTrace(index, ReadSymbols(flags, index, interruption.Token), own);
        }
        catch
        {
            index?.Dispose();
            own?.Delete(recursive: true);
            throw;
        }
    }

    private static TraceIndex Build(
        DirectoryInfo folder, SourceSettings settings, Interruption interruption)
    {
        using MachineImage first = StateFile.Read(settings.Input);
        TraceIndex index = TraceIndex.Create(folder.FullName, first, settings.Trace);
        try
        {
            index.Build(cancellation: interruption.Token);
        }
        catch (CulverinException error) when (error.Code is ErrorCode.GuestPanic or ErrorCode.InfiniteLoop)
        {
            // Up to there it can be walked, and there the debugger says what is wrong.
        }
        catch
        {
            index.Dispose();
            throw;
        }

        return index;
    }

    private ProgramSymbols ReadSymbols(ParseResult flags, TraceIndex index, CancellationToken cancellation)
    {
        Machine first = index.MoveTo(index.Describe().FirstStep, cancellation);
        return _flags.Symbols.Read(flags, first.Image, first.StateHash());
    }
}
