using System.CommandLine;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Files;
using Culverin.Inspect.Symbols;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>
/// Where commands that look into a run take its steps from: a trace index, or a state that is run.
/// </summary>
internal sealed class StepSource
{
    private readonly OracleFlags _oracle = new();
    private readonly SymbolFlags _symbols = new();
    private readonly Option<string> _memory = MemoryLimit.CreateFlag();
    private readonly Option<string> _engine = EngineFlag.Create();

    /// <summary>The trace's folder.</summary>
    public Option<string> Folder { get; } =
        Flag.Text("--dir", "DIR", "folder of the trace; either it or --input");

    /// <summary>The state.</summary>
    public Option<string> Input { get; } = Flag.Text("--input", "FILE", "state to run from, of any format");

    /// <summary>All flags, in the order of the help.</summary>
    public Option[] All => [Folder, Input, .. _symbols.All, _memory, _engine, .. _oracle.All];

    /// <summary>Shows a machine at a step to somebody who may run and prove with it.</summary>
    /// <param name="flags">What was given.</param>
    /// <param name="serverCommand">The pre-image server.</param>
    /// <param name="step">The step; past the end the last state.</param>
    /// <param name="interruption">Ends the way there.</param>
    /// <param name="log">Takes what a server has to say.</param>
    /// <param name="look">Gets the machine and the program's symbols.</param>
    /// <exception cref="CulverinException">Files that cannot be used; what running throws.</exception>
    public T At<T>(
        ParseResult flags,
        IReadOnlyList<string> serverCommand,
        ulong step,
        Interruption interruption,
        Log log,
        Func<Machine, ProgramSymbols, T> look)
    {
        string folder = flags.TextOf(Folder);
        string input = flags.TextOf(Input);
        if ((folder.Length > 0) == (input.Length > 0))
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                "Steps are taken either from a trace with --dir or from a state with --input.");
        }

        OracleSettings oracle = _oracle.Read(flags, serverCommand);
        FilePlan plan = new FilePlan()
            .ReadsFolder(Folder.Name, folder)
            .Reads(Input.Name, input)
            .Uses(oracle);
        _symbols.AddTo(plan, flags);
        plan.Check();
        interruption.Defer();
        var output = new GuestLog(log);
        Func<IPreimageOracle> open =
            () => OracleFactory.Create(oracle, output.WriteHostLine, interruption.Token);
        return folder.Length > 0
            ? AtTrace(flags, folder, oracle.HasSource ? open : null, step, interruption, look)
            : AtState(flags, input, open, step, interruption, look);
    }

    private T AtTrace<T>(
        ParseResult flags,
        string folder,
        Func<IPreimageOracle>? open,
        ulong step,
        Interruption interruption,
        Func<Machine, ProgramSymbols, T> look)
    {
        var options = new TraceOptions
        {
            Machine = new MachineOptions { Engine = EngineFlag.KindOf(flags, _engine) },
            Source = open,
            MemoryBytesMax = MemoryLimit.BytesOf(flags, _memory),
        };
        using TraceIndex index = TraceIndex.Open(folder, options);
        ulong first = index.Describe().FirstStep;
        byte[]? prestateHash = Directory.Exists(flags.TextOf(_symbols.Symbols))
            ? index.HashAt(first, interruption.Token)
            : null;
        return index.Inspect(
            step,
            machine => look(machine, _symbols.Read(flags, machine.Image, prestateHash)),
            interruption.Token);
    }

    private T AtState<T>(
        ParseResult flags,
        string input,
        Func<IPreimageOracle> open,
        ulong step,
        Interruption interruption,
        Func<Machine, ProgramSymbols, T> look)
    {
        MachineImage image = StateFile.Read(input);
        using IPreimageOracle oracle = open();
        using Machine machine = Machine.Create(
            image, new MachineOptions { Oracle = oracle, Engine = EngineFlag.KindOf(flags, _engine) });
        if (step < machine.Step)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"The state is at step {machine.Step}; step {step} is before it.");
        }

        byte[]? prestateHash = machine.Step == 0 ? machine.StateHash() : null;
        ProgramSymbols symbols = _symbols.Read(flags, image, prestateHash);
        _ = machine.Run(new RunLimits
        {
            UntilStep = step,
            Cancellation = interruption.Token,
            MemoryBytesMax = MemoryLimit.BytesOf(flags, _memory),
        });
        return look(machine, symbols);
    }
}
