using System;
using Culverin.Abi.Types;
using Culverin.Embed;
using Culverin.Prove;
using Culverin.Versions;

namespace Culverin.Native;

/// <summary>A machine of the library's.</summary>
internal sealed unsafe class NativeMachine : IEngineMachine
{
    // SAFETY: addresses handed to the library are of locals or pinned, and live during the call.
    private const int HashSizeBytes = 32;

    private readonly NativeHandle _handle;
    private volatile NativeRun? _run;

    /// <summary>Takes a handle over.</summary>
    public NativeMachine(NativeHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public ulong Step
    {
        get
        {
            ulong step;
            ulong* place = &step;
            _handle.Call(machine => NativeMethods.MachineStep((MachineHandle*)machine, place));
            return step;
        }
    }

    /// <summary>Lets a function have the handle.</summary>
    public void Use(Func<nint, Status> call) => _handle.Call(call);

    /// <inheritdoc/>
    public Embed.MachineSummary Describe()
    {
        Abi.Types.MachineSummary known;
        known.StructSize = (nuint)sizeof(Abi.Types.MachineSummary);
        Abi.Types.MachineSummary* place = &known;
        _handle.Call(machine => NativeMethods.MachineDescribe((MachineHandle*)machine, place));
        return new Embed.MachineSummary
        {
            Version = (StateVersion)known.StateVersion,
            Step = known.Step,
            ProgramCounter = known.ProgramCounter,
            Exited = known.Exited != 0,
            ExitCode = (byte)known.ExitCode,
            PageCount = (int)known.PageCount,
            PreimageRequestCount = known.PreimageRequestCount,
            PreimageTotalBytes = known.PreimageTotalBytes,
            LastPreimageKey = known.HasLastPreimage == 0
                ? null
                : new ReadOnlySpan<byte>(known.LastPreimageKey, HashSizeBytes).ToArray(),
            LastPreimageOffset = known.LastPreimageOffset,
        };
    }

    /// <inheritdoc/>
    public RunEnd Run(RunBudget budget)
    {
        if (budget.UntilStep == 0)
        {
            // The library takes 0 for no limit; here it is a step, and no machine is before it.
            return Describe().Exited ? RunEnd.Exited : RunEnd.StepReached;
        }

        using var run = new NativeRun(
            budget.Cancellation,
            budget.Progress is { } progress
                ? (step, pages) => progress.Report(new MachineProgress(step, pages))
                : null);
        Limits limits = run.Complete(new Limits
        {
            UntilStep = budget.UntilStep == ulong.MaxValue ? 0 : budget.UntilStep,
            TimeoutMilliseconds = budget.TimeoutMilliseconds,
            MemoryBytesMax = budget.MemoryBytesMax,
            Flags = budget.StopAfterPreimageRead ? (uint)RunFlag.StopAfterPreimage : 0,
        });
        Limits* given = &limits;
        int end;
        int* place = &end;
        _run = run;
        try
        {
            _handle.Call(machine =>
            {
                Status status = NativeMethods.MachineRun((MachineHandle*)machine, place, given);
                run.Rethrow();
                return status;
            });
        }
        finally
        {
            _run = null;
        }

        return (RunEnd)end;
    }

    /// <inheritdoc/>
    public byte[] StateHash()
    {
        byte[] hash = new byte[HashSizeBytes];
        fixed (byte* bytes = hash)
        {
            byte* place = bytes;
            _handle.Call(machine => NativeMethods.MachineHash((MachineHandle*)machine, place));
        }

        return hash;
    }

    /// <inheritdoc/>
    public byte[] Witness()
    {
        nuint length = 0;
        nuint* lengthPlace = &length;
        byte[] witness = new byte[Culverin.State.Witness.SizeBytes(FeatureSet.Of(Describe().Version))];
        fixed (byte* bytes = witness)
        {
            byte* place = bytes;
            _handle.Call(machine => NativeMethods.MachineWitness(
                (MachineHandle*)machine, place, (nuint)witness.Length, lengthPlace));
        }

        return witness;
    }

    /// <inheritdoc/>
    public StepProof Prove()
    {
        ProofHandle* proof;
        ProofHandle** place = &proof;
        _handle.Call(machine => NativeMethods.MachineProve((MachineHandle*)machine, place));
        return NativeProof.Take(proof);
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        using var text = new NativeText();
        sbyte* name = text.Of(path);
        _handle.Call(machine => NativeMethods.MachineSave((MachineHandle*)machine, name));
    }

    /// <inheritdoc/>
    public void FinishPreimages() =>
        _handle.Call(machine => NativeMethods.MachineFinishPreimages((MachineHandle*)machine));

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Cancel();
        _handle.Dispose();
    }
}
