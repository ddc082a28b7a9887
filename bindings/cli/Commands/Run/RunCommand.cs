using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli.Commands.Run;

/// <summary>`run`: executes steps, with proofs, snapshots and hashes on the way.</summary>
internal sealed class RunCommand : RunningVerb
{
    /// <summary>How long a dead server may precede the signal that killed both of us.</summary>
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(50);

    private readonly RunFlags _flags;

    public RunCommand(Log log, Interruption interruption)
        : this(log, interruption, new RunFlags())
    {
    }

    private RunCommand(Log log, Interruption interruption, RunFlags flags)
        : base(
            log,
            interruption,
            "run",
            "run a program, writing proofs, snapshots and hashes at chosen steps",
            flags.All)
    {
        _flags = flags;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        RunSettings settings = _flags.Read(flags, serverCommand, flags.GetValue(JsonFlag));
        if (_flags.AsksForProfile(flags))
        {
            Log.Warn("--pprof.cpu has no effect here", ("module", "vm"));
        }

        SymbolTable symbols = ReadSymbols(settings.MetaPath);
        var output = new GuestLog(Log);
        Func<IPreimageOracle> openOracle = () => OracleFactory.Create(
            settings.Oracle, output.WriteHostLine, Interruption.Token);
        using RunIndex? index = RunIndex.TryOpen(settings, openOracle, Log);
        var options = new MachineOptions
        {
            Output = output,
            Symbols = symbols,
            Engine = settings.Engine,
        };
        RunOutcome outcome = index is null
            ? RunFromInput(settings, options, openOracle, output)
            : RunFromIndex(settings, options, index, output);
        return outcome == RunOutcome.Interrupted ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    private static bool IsStepFailure(CulverinException error) => error.Code is ErrorCode.GuestPanic
        or ErrorCode.PreimageServer or ErrorCode.PreimageMissing or ErrorCode.LimitExceeded
        or ErrorCode.InfiniteLoop or ErrorCode.HostResource;

    private static void WriteSummary(
        Machine machine, RunActions actions, ProgressDisplay progress, RunOutcome outcome, ulong startStep) =>
        StandardOutput.WriteJson(
            new RunReport(
                Report.NameOf(outcome),
                (byte)machine.Features.Version,
                startStep,
                machine.Step,
                machine.Exited,
                machine.ExitCode,
                Report.Hex(machine.StateHash()),
                machine.PageCount,
                actions.ProofCount,
                actions.SnapshotCount,
                machine.PreimageRequestCount,
                machine.PreimageTotalBytes,
                progress.Elapsed.TotalSeconds,
                Math.Round(progress.StepsPerSecond(machine.Step))),
            isIndented: false);

    private static void CheckFormats(RunSettings settings, FeatureSet features)
    {
        StateFormats.Require("--output", settings.OutputPath, features);
        StateFormats.Require("--snapshot-fmt", settings.SnapshotFormat.Expand(0), features);
        StateFormats.Require("--snapshot-on-error", settings.ErrorSnapshot?.Expand(0) ?? "", features);
    }

    private RunOutcome RunFromInput(
        RunSettings settings,
        MachineOptions options,
        Func<IPreimageOracle> openOracle,
        GuestLog output)
    {
        using MachineImage image = StateFile.Read(settings.InputPath);
        image.Memory.PageLimit = PageLimit.OfBytes(settings.MemoryBytesMax);
        CheckFormats(settings, image.Features);
        Interruption.Defer();
        Log.Info("Loaded input state", ("module", "vm"), ("version", image.Features.Name));
        using IPreimageOracle oracle = openOracle();
        using Machine machine = Machine.Create(image, options with { Oracle = oracle });
        if (options.Engine == EngineKind.Auto && machine.TranslatorRefusal is { } refusal)
        {
            Log.Info("Steps are interpreted", ("module", "vm"), ("reason", refusal));
        }

        RunOutcome outcome = Drive(settings, machine, options.Symbols, output, null);
        CloseOracle(oracle);
        return outcome;
    }

    private RunOutcome RunFromIndex(
        RunSettings settings,
        MachineOptions options,
        RunIndex index,
        GuestLog output)
    {
        CheckFormats(settings, index.Features);
        Machine machine = index.Start(settings, options);
        Interruption.Defer();
        try
        {
            RunOutcome outcome = Drive(settings, machine, options.Symbols, output, index);
            CloseOracle(index.Oracle);
            return outcome;
        }
        finally
        {
            index.Finish();
        }
    }

    private SymbolTable ReadSymbols(string path)
    {
        if (path.Length > 0)
        {
            try
            {
                return MetaFile.Read(path);
            }
            catch (CulverinException error)
                when (error.Code == ErrorCode.FileAccess && !File.Exists(path))
            {
                throw new CulverinException(
                    error.Code,
                    $"{error.Message} load-elf writes it; --meta= (and nothing after) runs without symbols.",
                    error);
            }
        }

        Log.Info("Running without symbols, as --meta is empty", ("module", "vm"));
        return SymbolTable.Empty;
    }

    private RunOutcome Drive(
        RunSettings settings,
        Machine machine,
        SymbolTable symbols,
        GuestLog output,
        RunIndex? index)
    {
        ulong startStep = machine.Step;
        var progress = new ProgressDisplay(Log, startStep, settings.StopAt.NextAtOrAfter(startStep));
        var actions = new RunActions(settings, machine, symbols, progress, index, Log);
        var loop = new RunLoop(settings, machine, actions, progress, index, Interruption.Token);
        RunOutcome outcome;
        try
        {
            outcome = loop.Run();
        }
        catch (CulverinException error) when (IsStepFailure(error))
        {
            if (error is GuestPanicException || !Interruption.HasArrivedWithin(SignalDelay))
            {
                output.Flush();
                progress.Clear();
                throw ReportFailure(settings, machine, actions, error);
            }

            outcome = RunOutcome.Interrupted;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
        {
            // Nobody reads on, or the disk is full; what was computed is kept, as when a run is interrupted.
            progress.Clear();
            KeepOutputs(settings, machine, error);
            throw;
        }

        output.Flush();
        progress.Clear();
        Log.Info(
            outcome == RunOutcome.Interrupted ? "Execution interrupted" : "Execution stopped",
            ("module", "vm"), ("exited", machine.Exited), ("code", machine.ExitCode), ("step", machine.Step));
        if (settings.NamesStopFunction)
        {
            Log.Info(
                "Stopped in",
                ("module", "vm"), ("pc", actions.ProgramCounterText), ("name", actions.FunctionName));
        }

        WriteOutputs(settings, machine);
        if (settings.IsJson)
        {
            WriteSummary(machine, actions, progress, outcome, startStep);
        }

        return outcome;
    }

    /// <summary>Says what failed where, and saves the state before that step if asked to.</summary>
    private CulverinException ReportFailure(
        RunSettings settings, Machine machine, RunActions actions, CulverinException error)
    {
        Log.Failure(
            "Execution failed",
            ("module", "vm"), ("step", machine.Step), ("pc", actions.ProgramCounterText),
            ("name", actions.FunctionName), ("reason", error.Code), ("err", error.Message));
        if (settings.ErrorSnapshot is { } format)
        {
            string path = format.Expand(machine.Step);
            StateFile.Write(path, machine.Image);
            Log.Info("Saved the state before the failing step", ("module", "vm"), ("file", path));
        }

        return error;
    }

    /// <summary>Writes the outputs after an error, which says more than one of theirs.</summary>
    private void KeepOutputs(RunSettings settings, Machine machine, CulverinException cause)
    {
        try
        {
            WriteOutputs(settings, machine);
        }
        catch (CulverinException error) when (cause is not StandardOutputException)
        {
            Log.Failure("The outputs cannot be written", ("module", "vm"), ("err", error.Message));
        }
    }

    private static void WriteOutputs(RunSettings settings, Machine machine)
    {
        if (settings.OutputPath.Length > 0)
        {
            StateFile.Write(settings.OutputPath, machine.Image);
        }

        if (settings.DebugInfoPath.Length > 0)
        {
            DebugInfoFile.Write(settings.DebugInfoPath, machine);
        }
    }

    /// <summary>Ends the server; that it had to be killed is worth a line but spoils nothing.</summary>
    private void CloseOracle(IPreimageOracle oracle)
    {
        try
        {
            oracle.Shutdown();
        }
        catch (CulverinException error) when (error.Code == ErrorCode.PreimageServer)
        {
            Log.Failure("The pre-image server did not stop well", ("module", "vm"), ("err", error.Message));
        }
    }
}
