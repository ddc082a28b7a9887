using System.Diagnostics;
using System.Numerics;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.Execute.Threaded;
using Culverin.Prove;
using Culverin.State;
using Culverin.Translate;

namespace Culverin.Run;

/// <summary>A machine with words of one size.</summary>
internal sealed unsafe class LiveMachine<TWord> : Machine
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>A Go runtime whose only thread sleeps on a note is never woken.</summary>
    private const string WaitingFunction = "runtime.notesleep";

    /// <summary>Steps between two looks at cancellation and clock: some milliseconds.</summary>
    private const ulong SliceSteps = 4_000_000;

    private readonly MachineState<TWord> _state;
    private readonly LiveAccess<TWord> _access;
    private readonly ThreadedInterpreter<TWord> _interpreter;
    private readonly Translator<TWord>? _translator;
    private readonly PageTree _tree;
    private readonly Prover<TWord> _prover;
    private int? _madeWithPageLimit;
    private ulong[] _watchedPages = [];

    public LiveMachine(MachineImage<TWord> image, MachineOptions options)
        : base(image)
    {
        _state = image.State;
        _access = new LiveAccess<TWord>(image.State, image.Memory, options.Oracle, options.Output)
        {
            SyscallObserver = options.Syscalls,
        };
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

    public override ISyscallObserver? Syscalls
    {
        get => _access.SyscallObserver;
        set => _access.SyscallObserver = value;
    }

    public override StopReason Run(RunLimits limits)
    {
        // A request that waits for a server can only be ended together with the server.
        using CancellationTokenRegistration ending = Ending is { } source
            ? limits.Cancellation.UnsafeRegister(
                static state => ((CancellationTokenSource)state!).Cancel(), source)
            : default;
        LimitMemory(limits.MemoryBytesMax);
        _access.LastPreimageRead = null;
        long start = Stopwatch.GetTimestamp();
        ulong left = limits.StepsMax;
        if (limits.UntilStep is { } until)
        {
            left = Math.Min(left, until > _state.Step ? until - _state.Step : 0);
        }

        while (!_state.Exited)
        {
            if (left == 0)
            {
                return StopReason.StepReached;
            }

            limits.Cancellation.ThrowIfStopped(_state.Step);
            ulong sliceStart = _state.Step;
            _interpreter.Run(Math.Min(left, SliceSteps), limits.StopAfterPreimageRead);
            left -= _state.Step - sliceStart;
            if (limits.StopAfterPreimageRead && _access.LastPreimageRead is not null)
            {
                return StopReason.PreimageRead;
            }

            if (left > 0 && !_state.Exited && IsTimeUp(limits, start))
            {
                return StopReason.DeadlinePassed;
            }
        }

        return StopReason.Exited;
    }

    public override WatchedRange? StoppedBy => _access.StoppedBy;

    public override MachineStop RunToStop(
        StopPoints stops, ulong untilStep, bool passesFirst, CancellationToken cancellation)
    {
        _access.LastPreimageRead = null;
        _access.StoppedBy = null;
        _interpreter.Decoded.SetBreakpoints(stops.Breakpoints);
        _interpreter.PassedStep = passesFirst ? _state.Step : null;
        MarkWatchedPages(stops.WatchedPages);
        (_interpreter.Stops, _access.Stops) = (stops, stops);
        try
        {
            while (!_state.Exited && _state.Step < untilStep)
            {
                cancellation.ThrowIfStopped(_state.Step);
                _interpreter.Run(Math.Min(untilStep - _state.Step, SliceSteps), stopAfterPreimageRead: false);
                if (_access.StoppedBy is not null)
                {
                    return MachineStop.Watchpoint;
                }

                if (!_state.Exited && _state.Step < untilStep && _interpreter.IsAtBreakpoint)
                {
                    return MachineStop.Breakpoint;
                }
            }
        }
        finally
        {
            (_interpreter.Stops, _access.Stops) = (null, null);
        }

        return _state.Exited ? MachineStop.Exited : MachineStop.StepReached;
    }

    public override void ExecuteStep()
    {
        _access.LastPreimageRead = null;
        _interpreter.Step();
    }

    public override byte[] Witness() => State.Witness.Of(_state, _tree.Root());

    public override void Adopt(PageRoots known) => _tree.Adopt(known);

    public override StepProof Prove(IMemoryObserver? onlooker) =>
        _prover.Prove(_access, _interpreter.Step, onlooker);

    private protected override void Release()
    {
        _translator?.Dispose();
        _interpreter.Dispose();
        _tree.Dispose();
    }

    // Tells how far the run is, too.
    private bool IsTimeUp(RunLimits limits, long start)
    {
        limits.Progress?.Report(new MachineProgress(_state.Step, PageCount));
        return limits.TimeoutMilliseconds > 0
            && Stopwatch.GetElapsedTime(start).TotalMilliseconds >= limits.TimeoutMilliseconds;
    }

    // Again for every run: in between somebody may have put other pages in their place.
    private void MarkWatchedPages(IReadOnlyCollection<ulong> pages)
    {
        foreach (ulong page in _watchedPages.Except(pages))
        {
            Image.Memory.Unmark(page, PageFlags.Watched);
        }

        _watchedPages = [.. pages];
        foreach (ulong page in pages)
        {
            _ = Image.Memory.Mark(page, PageFlags.Watched);
        }
    }

    private void LimitMemory(ulong bytesMax)
    {
        if (bytesMax > 0)
        {
            _madeWithPageLimit ??= Image.Memory.PageLimit;
        }

        if (_madeWithPageLimit is { } pages)
        {
            Image.Memory.PageLimit = Math.Min(pages, PageLimit.OfBytes(bytesMax));
        }
    }
}
