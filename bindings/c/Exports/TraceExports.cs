using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Abi.Types;
using Culverin.Embed;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Abi.Exports;

// SAFETY: pointers come from C; Boundary and Arguments refuse null and look handles up, and the rest is the
// header's contract.

/// <summary>Traces</summary>
internal static unsafe class TraceExports
{
    private const int HashesMax = 1 << 20;

    /// <summary>
    /// Begins a trace index in a folder, which stays the caller's, or opens the one that is there. First is
    /// a machine that has not run and stays the caller's; null to open what is there. Options and
    /// trace_options may be null. The caller frees the trace.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_open", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Open(
        TraceHandle** trace,
        [Const] sbyte* folder,
        MachineHandle* first,
        [Const] Options* options,
        [Const] Types.TraceOptions* traceOptions)
    {
        if (first is null)
        {
            return Boundary.Create((void**)trace, () => OpenWith(null, folder, options, traceOptions));
        }

        return Boundary.Create<MachineObject>(
            first, (void**)trace, target => OpenWith(target.Machine, folder, options, traceOptions));
    }

    /// <summary>
    /// Frees a trace; its folder stays, and a later open goes on there. As culverin_machine_free when
    /// another thread uses it.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_free", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Free(TraceHandle* trace) => Boundary.Free<TraceObject>(trace);

    /// <summary>
    /// Runs on from where the trace is known to a step or the guest's end and leaves checkpoints; what was
    /// done stays when it is ended. Limits may be null. A passed deadline is CULVERIN_E_LIMIT_EXCEEDED.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_build", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Build(TraceHandle* trace, [Const] Limits* limits) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            Limits given = limits is null ? default : Arguments.Struct(limits, nameof(limits));
            using RunControl control = RunControl.Of(target, given.Cancel);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(control.Token);
            if (given.TimeoutMilliseconds > 0)
            {
                deadline.CancelAfter((int)Math.Min(given.TimeoutMilliseconds, int.MaxValue));
            }

            try
            {
                target.Index.Build(
                    given.UntilStep == 0 ? null : given.UntilStep,
                    RunControl.ProgressOf(given),
                    deadline.Token);
            }
            catch (CulverinException error) when (error.Code == ErrorCode.Cancelled
                && deadline.IsCancellationRequested && !control.Token.IsCancellationRequested)
            {
                throw new CulverinException(ErrorCode.LimitExceeded, "The trace's deadline passed.", error);
            }

            return Status.Ok;
        });

    /// <summary>The state hash before a step is executed; behind the end the last state's.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_hash", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Hash(
        TraceHandle* trace, byte* hash, ulong step, [Const] CancelHandle* cancel) =>
        Answer(trace, hash, cancel, (index, token) => index.HashAt(step, token));

    /// <summary>
    /// Batch: the state hashes at count steps in any order, 32 bytes each, in the order asked.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_hashes", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Hashes(
        TraceHandle* trace, byte* hashes, [Const] ulong* steps, nuint count, [Const] CancelHandle* cancel) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            if (count == 0)
            {
                return Status.Ok;
            }

            Arguments.Require(hashes, nameof(hashes));
            Arguments.Require(steps, nameof(steps));
            if (count > HashesMax)
            {
                throw new CulverinException(
                    ErrorCode.InvalidArgument, $"At most {HashesMax} hashes can be asked for at once.");
            }

            using RunControl control = RunControl.Of(target, cancel);
            IReadOnlyList<byte[]> found = target.Index.HashesAt(
                new ReadOnlySpan<ulong>(steps, (int)count).ToArray(), control.Token);
            for (int at = 0; at < found.Count; at++)
            {
                Arguments.ReturnHash(hashes + (at * Arguments.HashSizeBytes), found[at]);
            }

            return Status.Ok;
        });

    /// <summary>
    /// The claim at a trace index as a dispute counts: the state hash after index + 1 steps of the trace;
    /// UINT64_MAX is the final one.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_claim", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Claim(
        TraceHandle* trace, byte* hash, ulong traceIndex, [Const] CancelHandle* cancel) =>
        Answer(trace, hash, cancel, (index, token) => index.HashAt(StepAfter(index, traceIndex), token));

    /// <summary>The hash of the trace's first state, 32 bytes.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_prestate_hash", CallConvs = [typeof(CallConvCdecl)])]
    public static Status PrestateHash(TraceHandle* trace, byte* hash) =>
        Answer(trace, hash, null, (index, token) => index.HashAt(index.Describe().FirstStep, token));

    /// <summary>
    /// The proof of a step, checked before it is handed out; behind the end that of the last state, which
    /// does not change. With the trace's first step 0, the step is also the trace index: the proof's post
    /// hash is the claim, its parts are witness, proof and pre-image. The caller frees the proof.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_proof", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Proof(
        TraceHandle* trace, ProofHandle** proof, ulong step, [Const] CancelHandle* cancel) =>
        Boundary.Create<TraceObject>(trace, (void**)proof, target =>
        {
            using RunControl control = RunControl.Of(target, cancel);
            return new ProofObject(target.Index.ProofAt(step, control.Token));
        });

    /// <summary>The end of the trace; runs there if it is not known.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_final", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Final(
        TraceHandle* trace, Types.TraceEnd* end, [Const] CancelHandle* cancel) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            using RunControl control = RunControl.Of(target, cancel);
            Trace.TraceEnd known = target.Index.Final(control.Token);
            var value = new Types.TraceEnd { Step = known.Step, ExitCode = known.ExitCode };
            known.StateHash.CopyTo(new Span<byte>(value.StateHash, Arguments.HashSizeBytes));
            Arguments.Return(end, value, nameof(end));
            return Status.Ok;
        });

    /// <summary>The witness of the last state, copied.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_final_witness", CallConvs = [typeof(CallConvCdecl)])]
    public static Status FinalWitness(
        TraceHandle* trace,
        byte* witness,
        nuint witnessSize,
        nuint* witnessLength,
        [Const] CancelHandle* cancel) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            using RunControl control = RunControl.Of(target, cancel);
            return Arguments.Return(
                witness, witnessSize, witnessLength, target.Index.Final(control.Token).Witness);
        });

    /// <summary>Tells what the trace holds.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_trace_describe", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Describe(TraceHandle* trace, Types.TraceSummary* summary) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            Trace.TraceSummary known = target.Index.Describe();
            var value = new Types.TraceSummary
            {
                FirstStep = known.FirstStep,
                LastStep = known.LastStep,
                SpacingSteps = known.SpacingSteps,
                DiskBytes = (ulong)known.DiskBytes,
                CheckpointCount = (ulong)known.CheckpointCount,
                ProbeCount = (ulong)known.ProbeCount,
                PreimageCount = (ulong)known.PreimageCount,
                Finished = known.IsFinished ? 1u : 0,
            };
            Arguments.Return(summary, value, nameof(summary));
            return Status.Ok;
        });

    private static TraceObject OpenWith(
        IEngineMachine? first, sbyte* folder, Options* options, Types.TraceOptions* traceOptions) =>
        Settings.Connect(options, settings => new TraceObject(
            ManagedEngine.Instance.OpenTrace(
                Arguments.Text(folder, nameof(folder)), first, settings, Settings.Of(traceOptions)),
            settings));

    private static Status Answer(
        TraceHandle* trace,
        byte* hash,
        CancelHandle* cancel,
        Func<ITraceIndex, CancellationToken, byte[]> ask) =>
        Boundary.Use<TraceObject>(trace, target =>
        {
            Arguments.Require(hash, nameof(hash));
            using RunControl control = RunControl.Of(target, cancel);
            Arguments.ReturnHash(hash, ask(target.Index, control.Token));
            return Status.Ok;
        });

    private static ulong StepAfter(ITraceIndex index, ulong traceIndex)
    {
        ulong first = index.Describe().FirstStep;
        return traceIndex < ulong.MaxValue - first ? first + traceIndex + 1 : ulong.MaxValue;
    }
}
