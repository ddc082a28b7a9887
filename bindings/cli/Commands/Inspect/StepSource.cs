using System.CommandLine;
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
    private readonly SourceFlags _flags = new("state to run from, of any format");

    /// <summary>All flags, in the order of the help.</summary>
    public Option[] All => _flags.All;

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
        SourceSettings settings = _flags.Read(flags, serverCommand, interruption, log);
        return settings.IsTrace
            ? AtTrace(flags, settings, step, interruption, look)
            : AtState(flags, settings, step, interruption, look);
    }

    private T AtTrace<T>(
        ParseResult flags,
        SourceSettings settings,
        ulong step,
        Interruption interruption,
        Func<Machine, ProgramSymbols, T> look)
    {
        using TraceIndex index = TraceIndex.Open(settings.Folder, settings.Trace);
        ulong first = index.Describe().FirstStep;
        byte[]? prestateHash = Directory.Exists(flags.TextOf(_flags.Symbols.Symbols))
            ? index.HashAt(first, interruption.Token)
            : null;
        return index.Inspect(
            step,
            machine => look(machine, _flags.Symbols.Read(flags, machine.Image, prestateHash)),
            interruption.Token);
    }

    private T AtState<T>(
        ParseResult flags,
        SourceSettings settings,
        ulong step,
        Interruption interruption,
        Func<Machine, ProgramSymbols, T> look)
    {
        MachineImage image = StateFile.Read(settings.Input);
        using IPreimageOracle oracle = settings.OpenOracle();
        using Machine machine = Machine.Create(image, settings.Trace.Machine with { Oracle = oracle });
        if (step < machine.Step)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"The state is at step {machine.Step}; step {step} is before it.");
        }

        byte[]? prestateHash = machine.Step == 0 ? machine.StateHash() : null;
        ProgramSymbols symbols = _flags.Symbols.Read(flags, image, prestateHash);
        _ = machine.Run(new RunLimits
        {
            UntilStep = step,
            Cancellation = interruption.Token,
            MemoryBytesMax = settings.Trace.MemoryBytesMax,
        });
        return look(machine, symbols);
    }
}
