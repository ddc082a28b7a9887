using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// The player's source of right output roots over a verifier of an arena, which is let read L1 first, since
/// nobody waits in a scenario. For one thread at a time.
/// </summary>
internal sealed class SafeOutputs(EthereumNode l1, L2Node verifier, ulong l2ChainId, ulong anchorBlock)
    : IOutputSource
{
    private readonly VerifierOutputSource _source =
        new(l1, verifier.Node, verifier.Rollup, l2ChainId, anchorBlock);

    /// <inheritdoc/>
    public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
        _source.OutputAtAsync(block, cancellation);

    /// <inheritdoc/>
    public async Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default)
    {
        await verifier.FollowL1Async(l1, cancellation).ConfigureAwait(false);
        return await _source.LastBlockAsync(l1Head, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<OutputEvidence> EvidenceAtAsync(ulong block, CancellationToken cancellation = default) =>
        _source.EvidenceAtAsync(block, cancellation);
}
