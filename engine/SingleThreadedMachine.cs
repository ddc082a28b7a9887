using System;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.Prove;
using Culverin.State;

namespace Culverin;

/// <summary>A machine of the 32-bit single-threaded versions.</summary>
internal sealed unsafe class SingleThreadedMachine : Machine
{
    /// <summary>A Go runtime whose only thread sleeps on a note is never woken.</summary>
    private const string WaitingFunction = "runtime.notesleep";

    /// <summary>Steps between two looks at the cancellation: some milliseconds.</summary>
    private const ulong SliceSteps = 4_000_000;

    private readonly MachineState<uint> _state;
    private readonly LiveAccess<uint> _access;
    private readonly ThreadedInterpreter _interpreter;
    private readonly PageTree _tree;
    private readonly Prover _prover;

    public SingleThreadedMachine(MachineImage<uint> image, MachineOptions options)
        : base(image)
    {
        _state = image.State;
        _access = new LiveAccess<uint>(image.State, image.Memory, options.Oracle, options.Output);
        _interpreter = new ThreadedInterpreter(
            image.State, (FlatMemory)image.Memory, _access, image.Features);
        _tree = new PageTree(image.Memory);
        _prover = new Prover(image, _tree);
        if (options.Symbols.Find(WaitingFunction) is { } waiting)
        {
            _interpreter.WatchForInfiniteLoop((uint)waiting.Start, (uint)(waiting.Start + waiting.SizeBytes));
        }
    }

    public override ulong Step => _state.Step;

    public override bool Exited => _state.Exited;

    public override byte ExitCode => _state.ExitCode;

    public override ulong ProgramCounter => _state.Cpu->Pc;

    public override ulong PreimageRequestCount => _access.PreimageRequestCount;

    public override ulong PreimageTotalBytes => _access.PreimageTotalBytes;

    public override PreimageRead? LastPreimageRead => _access.LastPreimageRead;

    public override StopReason Run(RunLimits limits)
    {
        _access.LastPreimageRead = null;
        while (!_state.Exited)
        {
            if (_state.Step >= limits.UntilStep)
            {
                return StopReason.StepReached;
            }

            if (limits.Cancellation.IsCancellationRequested)
            {
                throw new CulverinException(ErrorCode.Cancelled, $"The run was stopped at step {_state.Step}.");
            }

            ulong slice = Math.Min(limits.UntilStep - _state.Step, SliceSteps);
            _interpreter.Run(slice, limits.StopAfterPreimageRead);
            if (limits.StopAfterPreimageRead && _access.LastPreimageRead is not null)
            {
                return StopReason.PreimageRead;
            }
        }

        return StopReason.Exited;
    }

    public override void ExecuteStep()
    {
        _access.LastPreimageRead = null;
        _interpreter.Step();
    }

    public override byte[] Witness()
    {
        byte[] witness = new byte[State.Witness.SizeBytes<uint>()];
        State.Witness.Write(_state, _tree.Root(), witness);
        return witness;
    }

    public override StepProof Prove() => _prover.Prove(_access, _interpreter.Step);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _interpreter.Dispose();
            _tree.Dispose();
        }

        base.Dispose(disposing);
    }
}
