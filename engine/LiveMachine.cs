using System;
using System.Numerics;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.Prove;
using Culverin.State;
using Culverin.Translate;

namespace Culverin;

/// <summary>A machine with words of one size.</summary>
internal sealed unsafe class LiveMachine<TWord> : Machine
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>A Go runtime whose only thread sleeps on a note is never woken.</summary>
    private const string WaitingFunction = "runtime.notesleep";

    /// <summary>Steps between two looks at the cancellation: some milliseconds.</summary>
    private const ulong SliceSteps = 4_000_000;

    private readonly MachineState<TWord> _state;
    private readonly LiveAccess<TWord> _access;
    private readonly ThreadedInterpreter<TWord> _interpreter;
    private readonly Translator<TWord>? _translator;
    private readonly PageTree _tree;
    private readonly Prover<TWord> _prover;

    public LiveMachine(MachineImage<TWord> image, MachineOptions options)
        : base(image)
    {
        _state = image.State;
        _access = new LiveAccess<TWord>(image.State, image.Memory, options.Oracle, options.Output);
        _interpreter = new ThreadedInterpreter<TWord>(image, _access);
        if (options.Engine != EngineKind.Interpreter)
        {
            _translator = Translator<TWord>.TryCreate(
                image, _interpreter.Decoded, _interpreter.MemoryBase, options.Tuning, out string? refusal);
            _interpreter.FastPath = _translator;
            TranslatorRefusal = refusal;
            if (_translator is null && options.Engine == EngineKind.Translator)
            {
                throw new CulverinException(ErrorCode.HostResource, $"No machine code here: {refusal}.");
            }
        }

        _tree = new PageTree(image.Memory);
        if (image.KnownRoots is { } known)
        {
            image.KnownRoots = null;
            _tree.Adopt(known);
        }

        _prover = new Prover<TWord>(image, _tree);
        if (!image.Features.HasThreads && options.Symbols.Find(WaitingFunction) is { } waiting)
        {
            _interpreter.WatchForInfiniteLoop(waiting.Start, waiting.Start + waiting.SizeBytes);
        }
    }

    public override string? TranslatorRefusal { get; }

    public override ulong Step => _state.Step;

    public override bool Exited => _state.Exited;

    public override byte ExitCode => _state.ExitCode;

    // SAFETY: the state's native block lives until the machine is disposed.
    public override ulong ProgramCounter => ulong.CreateTruncating(_state.Cpu->Pc);

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
                throw new CulverinException(
                    ErrorCode.Cancelled, $"The run was stopped at step {_state.Step}.");
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

    public override byte[] Witness() => State.Witness.Of(_state, _tree.Root());

    internal override void Adopt(PageRoots known) => _tree.Adopt(known);

    public override StepProof Prove() => _prover.Prove(_access, _interpreter.Step);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _translator?.Dispose();
            _interpreter.Dispose();
            _tree.Dispose();
        }

        base.Dispose(disposing);
    }
}
