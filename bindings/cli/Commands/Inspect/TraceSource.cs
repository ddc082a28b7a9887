using System.CommandLine;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Flags;
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
    private readonly OracleFlags _oracle = new();
    private readonly SymbolFlags _symbols = new();
    private readonly Option<string> _memory = MemoryLimit.CreateFlag();
    private readonly Option<string> _engine = EngineFlag.Create();
    private readonly Option<string> _folder =
        Flag.Text("--dir", "DIR", "folder of the trace; either it or --input");

    private readonly Option<string> _input = Flag.Text(
        "--input", "FILE", "state whose run is indexed first, in a folder that is removed at the end");

    /// <summary>All flags, in the order of the help.</summary>
    public Option[] All => [_folder, _input, .. _symbols.All, _memory, _engine, .. _oracle.All];

    /// <summary>Opens the trace, built to its end or to the step that cannot be executed.</summary>
    /// <exception cref="CulverinException">It cannot be had.</exception>
    public OpenedTrace Open(
        ParseResult flags, IReadOnlyList<string> serverCommand, Interruption interruption, Log log)
    {
        string folder = flags.TextOf(_folder);
        string input = flags.TextOf(_input);
        if ((folder.Length > 0) == (input.Length > 0))
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                "Steps are taken either from a trace with --dir or from a state with --input.");
        }

        OracleSettings oracle = _oracle.Read(flags, serverCommand);
        FilePlan plan = new FilePlan()
            .ReadsFolder(_folder.Name, folder)
            .Reads(_input.Name, input)
            .Uses(oracle);
        _symbols.AddTo(plan, flags);
        plan.Check();
        interruption.Defer();
        var output = new GuestLog(log);
        var options = new TraceOptions
        {
            Machine = new MachineOptions { Engine = EngineFlag.KindOf(flags, _engine) },
            Source = oracle.HasSource
                ? () => OracleFactory.Create(oracle, output.WriteHostLine, interruption.Token)
                : null,
            MemoryBytesMax = MemoryLimit.BytesOf(flags, _memory),
        };
        DirectoryInfo? own = folder.Length > 0 ? null : Directory.CreateTempSubdirectory("culverin-debug-");
        TraceIndex? index = null;
        try
        {
            index = own is null ? TraceIndex.Open(folder, options) : Build(own, input, options, interruption);
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
        DirectoryInfo folder, string input, TraceOptions options, Interruption interruption)
    {
        using MachineImage first = StateFile.Read(input);
        TraceIndex index = TraceIndex.Create(folder.FullName, first, options);
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
        return _symbols.Read(flags, first.Image, first.StateHash());
    }
}
