using System;
using System.Collections.Generic;
using System.Threading;
using Culverin.Prove;

namespace Culverin.Trace;

/// <summary>
/// Answers about a program's run by step, wherever the index itself lives: in this runtime (<see
/// cref="TraceIndex"/>, whose words hold for all) or behind the C interface.
/// </summary>
public interface ITraceIndex : IDisposable
{
    /// <summary>As <see cref="TraceIndex.Build"/>.</summary>
    void Build(
        ulong untilStep = ulong.MaxValue,
        IProgress<TraceProgress>? progress = null,
        CancellationToken cancellation = default);

    /// <summary>As <see cref="TraceIndex.HashAt"/>.</summary>
    byte[] HashAt(ulong step, CancellationToken cancellation = default);

    /// <summary>As <see cref="TraceIndex.HashesAt"/>.</summary>
    IReadOnlyList<byte[]> HashesAt(IReadOnlyList<ulong> steps, CancellationToken cancellation = default);

    /// <summary>As <see cref="TraceIndex.ProofAt"/>.</summary>
    StepProof ProofAt(ulong step, CancellationToken cancellation = default);

    /// <summary>As <see cref="TraceIndex.Final"/>.</summary>
    TraceEnd Final(CancellationToken cancellation = default);

    /// <summary>As <see cref="TraceIndex.Describe"/>.</summary>
    TraceSummary Describe();
}
