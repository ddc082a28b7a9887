using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>
/// Where right output roots come from. Throws a <see cref="CulverinException"/> when it cannot know.
/// </summary>
public interface IOutputSource
{
    /// <summary>The output root after an L2 block.</summary>
    Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default);

    /// <summary>
    /// The last L2 block whose data are on L1 up to and including an L1 block: later ones do not count.
    /// </summary>
    Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default);

    /// <summary>
    /// What shows the contract which block an output is about. A source of outputs without blocks has none
    /// and throws.
    /// </summary>
    Task<OutputEvidence> EvidenceAtAsync(ulong block, CancellationToken cancellation = default) =>
        throw new ChainException(
            ChainFailure.BadAnswer, $"Nothing here shows that an output is about block {block}.");
}
