using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>
/// Output roots that several nodes tell alike. When two contradict each other, or too few answer, nothing
/// is known. For one thread at a time.
/// </summary>
/// <param name="sources">One for each node.</param>
/// <param name="count">How many must answer.</param>
public sealed class AgreeingOutputs(IReadOnlyList<IOutputSource> sources, int count) : IOutputSource
{
    /// <inheritdoc/>
    public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
        AgreeAsync(
            source => source.OutputAtAsync(block, cancellation),
            (left, right) => left == right,
            $"the output root after L2 block {block}");

    /// <inheritdoc/>
    public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
        AgreeAsync(
            source => source.LastBlockAsync(l1Head, cancellation),
            (left, right) => left == right,
            $"the last L2 block whose data are on L1 up to block {l1Head}");

    /// <inheritdoc/>
    public Task<OutputEvidence> EvidenceAtAsync(ulong block, CancellationToken cancellation = default) =>
        AgreeAsync(
            source => source.EvidenceAtAsync(block, cancellation),
            (left, right) => left.Output == right.Output,
            $"L2 block {block}");

    private Task<T> AgreeAsync<T>(
        Func<IOutputSource, Task<T>> ask, Func<T, T, bool> isSame, string what) =>
        GameAgreement.AgreeAsync(
            [.. sources.Select(source => (Func<Task<T>>)(() => ask(source)))], count, isSame, what);
}
