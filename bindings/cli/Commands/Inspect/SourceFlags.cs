using System.CommandLine;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>
/// The flags of commands that look into a run: a trace index or a state, its symbols, and how steps of it are
/// executed.
/// </summary>
/// <param name="inputDescription">What the command makes of a state.</param>
internal sealed class SourceFlags(string inputDescription)
{
    private readonly OracleFlags _oracle = new();
    private readonly Option<string> _memory = MemoryLimit.CreateFlag();
    private readonly Option<string> _engine = EngineFlag.Create();
    private readonly Option<string> _folder =
        Flag.Text("--dir", "DIR", "folder of the trace; either it or --input");

    private readonly Option<string> _input = Flag.Text("--input", "FILE", inputDescription);

    /// <summary>Where symbols come from.</summary>
    public SymbolFlags Symbols { get; } = new();

    /// <summary>All flags, in the order of the help.</summary>
    public Option[] All => [_folder, _input, .. Symbols.All, _memory, _engine, .. _oracle.All];

    /// <summary>Reads them; from then on an interruption is no longer the end of the process.</summary>
    /// <param name="flags">What was given.</param>
    /// <param name="serverCommand">The pre-image server.</param>
    /// <param name="interruption">Ends what is asked of an oracle.</param>
    /// <param name="log">Takes what a server has to say.</param>
    /// <exception cref="CulverinException">They do not go together, or name the same file twice.</exception>
    public SourceSettings Read(
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
        Symbols.AddTo(plan, flags);
        plan.Check();
        interruption.Defer();
        var output = new GuestLog(log);
        Func<IPreimageOracle> open =
            () => OracleFactory.Create(oracle, output.WriteHostLine, interruption.Token);
        return new SourceSettings(
            folder,
            input,
            open,
            new TraceOptions
            {
                Machine = new MachineOptions { Engine = EngineFlag.KindOf(flags, _engine) },
                Source = oracle.HasSource ? open : null,
                MemoryBytesMax = MemoryLimit.BytesOf(flags, _memory),
            });
    }
}
