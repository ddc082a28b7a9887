using System;
using System.Diagnostics;
using System.Threading;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;

namespace Culverin.Embed;

/// <summary>A machine of this runtime with its pre-image source.</summary>
internal sealed class ManagedMachine : IEngineMachine
{
    /// <summary>Steps between two looks at the clock: some milliseconds.</summary>
    private const ulong SliceSteps = 4_000_000;

    private readonly CancellationTokenSource _ending = new();
    private readonly IPreimageOracle _oracle;
    private readonly Machine _machine;

    /// <summary>Makes it; takes the image over, also when it fails.</summary>
    public ManagedMachine(MachineImage image, SymbolTable symbols, EngineSettings settings)
    {
        IPreimageOracle? oracle = null;
        try
        {
            oracle = settings.OpenPreimages(_ending.Token);
            _machine = Machine.Create(image, new MachineOptions
            {
                Oracle = oracle,
                Output = settings.Output,
                Symbols = symbols,
                Engine = settings.Engine,
            });
            _oracle = oracle;
        }
        catch
        {
            oracle?.Dispose();
            image.Dispose();
            _ending.Dispose();
            throw;
        }

        if (_machine.TranslatorRefusal is { } refusal)
        {
            settings.Log?.Invoke(EngineLogLevel.Warning, $"Guest code is interpreted: {refusal}.");
        }
    }

    /// <summary>State and memory.</summary>
    public MachineImage Image => _machine.Image;

    /// <inheritdoc/>
    public ulong Step => _machine.Step;

    /// <inheritdoc/>
    public MachineSummary Describe()
    {
        PreimageRead? read = _machine.LastPreimageRead;
        return new MachineSummary
        {
            Version = _machine.Features.Version,
            Step = _machine.Step,
            ProgramCounter = _machine.ProgramCounter,
            Exited = _machine.Exited,
            ExitCode = _machine.ExitCode,
            PageCount = _machine.PageCount,
            PreimageRequestCount = _machine.PreimageRequestCount,
            PreimageTotalBytes = _machine.PreimageTotalBytes,
            LastPreimageKey = read?.Key,
            LastPreimageOffset = read?.Offset ?? 0,
        };
    }

    /// <inheritdoc/>
    public RunEnd Run(RunBudget budget)
    {
        _machine.Image.Memory.PageLimit = PageLimit.OfBytes(budget.MemoryBytesMax);
        long start = Stopwatch.GetTimestamp();

        // A request that waits for a server can only be ended together with the server.
        using CancellationTokenRegistration ending = budget.Cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _ending);
        while (true)
        {
            ulong step = _machine.Step;
            ulong slice = budget.UntilStep > step ? budget.UntilStep - step : 0;
            StopReason reason = _machine.Run(new RunLimits
            {
                UntilStep = step + Math.Min(slice, SliceSteps),
                StopAfterPreimageRead = budget.StopAfterPreimageRead,
                Cancellation = budget.Cancellation,
            });
            if (reason != StopReason.StepReached || _machine.Step >= budget.UntilStep)
            {
                return EndOf(reason);
            }

            budget.Progress?.Report(new MachineProgress(_machine.Step, _machine.PageCount));
            if (budget.TimeoutMilliseconds > 0
                && Stopwatch.GetElapsedTime(start).TotalMilliseconds >= budget.TimeoutMilliseconds)
            {
                return RunEnd.DeadlinePassed;
            }
        }
    }

    /// <inheritdoc/>
    public byte[] StateHash() => _machine.StateHash();

    /// <inheritdoc/>
    public byte[] Witness() => _machine.Witness();

    /// <inheritdoc/>
    public StepProof Prove() => _machine.Prove();

    /// <inheritdoc/>
    public void Save(string path) => StateFile.Write(path, _machine.Image);

    /// <inheritdoc/>
    public void FinishPreimages() => _oracle.Shutdown();

    /// <inheritdoc/>
    public void Dispose()
    {
        _oracle.Dispose();
        _machine.Dispose();
        _ending.Dispose();
    }

    private static RunEnd EndOf(StopReason reason) => reason switch
    {
        StopReason.StepReached => RunEnd.StepReached,
        StopReason.Exited => RunEnd.Exited,
        _ => RunEnd.PreimageRead,
    };
}
