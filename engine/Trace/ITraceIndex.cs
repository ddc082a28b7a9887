using Culverin.Prove;
using Culverin.Run;

namespace Culverin.Trace;

/// <summary>
/// Answers what a dispute asks of a program's run: the state hash at any step, the proof of any step, the
/// end. The first pass writes checkpoints into a folder; from then on an answer costs the way from the
/// nearest one, and no pre-image server.
/// </summary>
/// <remarks>
/// <para>A step is a value of the step counter: the hash at step i is that of the state before step i is
/// executed, the proof of step i leads from there to i + 1. Past the end the last state stays: its hash is
/// the answer, and its proof says that the step changes nothing (VM-SPEC 14, trace extension).</para>
/// <para>The folder belongs to the caller; no second index may use it meanwhile, in this process or another.
/// One that cannot be written can still be asked, by several at a time; it then learns nothing by it.
/// It may be left at any moment, also by a crash: the next use goes on from the last whole checkpoint. A
/// damaged file is found by its checksum and made again. The folder is trusted as the program itself is:
/// whoever can write to it on purpose can make hashes wrong, but no proof is handed out that the contract's
/// twin (<c>IEngine.Verify</c>) does not accept.</para>
/// <para>A trace ends at step 2^64 - 1, the last before the counter starts again.</para>
/// <para>Calls come from one thread at a time.</para>
/// </remarks>
public interface ITraceIndex : IDisposable
{
    /// <summary>Runs on to a step or to the guest's end, from where the trace is known.</summary>
    /// <param name="untilStep">The step; null for the guest's end, which there must then be.</param>
    /// <param name="progress">Told now and then how far the run is.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="CulverinException">
    /// As <see cref="IEngineMachine.Run"/>; what was done is kept. <see cref="ErrorCode.LimitExceeded"/>
    /// if the guest goes on where the step counter starts again.
    /// </exception>
    void Build(
        ulong? untilStep = null,
        IProgress<TraceProgress>? progress = null,
        CancellationToken cancellation = default);

    /// <summary>The state hash at a step, 32 bytes.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="IEngineMachine.Run"/>; <see cref="ErrorCode.InvalidArgument"/> for a step before the
    /// first.
    /// </exception>
    byte[] HashAt(ulong step, CancellationToken cancellation = default);

    /// <summary>The state hashes at several steps, in the order asked, found in the order of steps.</summary>
    /// <exception cref="CulverinException">As <see cref="HashAt"/>.</exception>
    IReadOnlyList<byte[]> HashesAt(IReadOnlyList<ulong> steps, CancellationToken cancellation = default);

    /// <summary>The proof of a step; past the end that of the last state, which does not change.</summary>
    /// <exception cref="CulverinException">As <see cref="HashAt"/>.</exception>
    StepProof ProofAt(ulong step, CancellationToken cancellation = default);

    /// <summary>The end of the trace; runs there if it is not known.</summary>
    /// <exception cref="CulverinException">As <see cref="Build"/>.</exception>
    TraceEnd Final(CancellationToken cancellation = default);

    /// <summary>What the index holds.</summary>
    TraceSummary Describe();
}
