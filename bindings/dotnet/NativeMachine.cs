using Culverin.Abi.Types;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Native;

/// <summary>A machine of the library's.</summary>
internal sealed unsafe class NativeMachine : IEngineMachine
{
    // SAFETY: addresses handed to the library are of locals or pinned, and live during the call.
    private const int HashSizeBytes = 32;

    // Witnesses of today have 226 bytes at most.
    private const int WitnessSizeMaxBytes = 1024;

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
    public Culverin.Run.MachineSummary Describe()
    {
        Abi.Types.MachineSummary known;
        known.StructSize = (nuint)sizeof(Abi.Types.MachineSummary);
        Abi.Types.MachineSummary* place = &known;
        _handle.Call(machine => NativeMethods.MachineDescribe((MachineHandle*)machine, place));
        return new Culverin.Run.MachineSummary
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
    public StopReason Run(RunLimits limits)
    {
        if (limits.UntilStep == 0)
        {
            // The library takes 0 for no limit; here it is a step, and no machine is before it.
            return Describe().Exited ? StopReason.Exited : StopReason.StepReached;
        }

        using var run = new NativeRun(
            limits.Cancellation,
            limits.Progress is { } progress
                ? (step, pages) => progress.Report(new MachineProgress(step, pages))
                : null);
        Limits native = run.Complete(new Limits
        {
            UntilStep = limits.UntilStep ?? 0,
            TimeoutMilliseconds = limits.TimeoutMilliseconds,
            MemoryBytesMax = limits.MemoryBytesMax,
            Flags = limits.StopAfterPreimageRead ? (uint)RunFlag.StopAfterPreimage : 0,
        });
        Limits* given = &native;
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

        return (StopReason)end;
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
        byte* place = stackalloc byte[WitnessSizeMaxBytes];
        _handle.Call(machine => NativeMethods.MachineWitness(
            (MachineHandle*)machine, place, WitnessSizeMaxBytes, lengthPlace));
        return new ReadOnlySpan<byte>(place, (int)length).ToArray();
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
