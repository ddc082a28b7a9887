using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// Right states up to a step, and from there on wrong ones, so that a dispute ends at that very step.
/// </summary>
/// <param name="truth">The right ones.</param>
/// <param name="firstLie">The first leaf whose state is wrong.</param>
public sealed class LyingTraces(IStateTraces truth, UInt128 firstLie) : IStateTraces
{
    /// <inheritdoc/>
    public async Task<IStateTrace> OpenAsync(
        OutputDispute dispute, CancellationToken cancellation = default) =>
        new LyingTrace(await truth.OpenAsync(dispute, cancellation).ConfigureAwait(false), firstLie);

    /// <summary>Another state, whose status says the opposite of the right one's.</summary>
    public static Bytes32 LieAbout(Bytes32 state)
    {
        byte[] bytes = state.ToArray();
        bytes[^1] ^= 1;
        bytes[0] = bytes[0] switch
        {
            0 => 1,
            1 => 0,
            byte unfinished => unfinished,
        };
        return new Bytes32(bytes);
    }

    private sealed class LyingTrace(IStateTrace truth, UInt128 firstLie) : IStateTrace
    {
        public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
            truth.PrestateAsync(cancellation);

        public async Task<Bytes32> ClaimAtAsync(
            UInt128 traceIndex, CancellationToken cancellation = default)
        {
            Bytes32 right = await truth.ClaimAtAsync(traceIndex, cancellation).ConfigureAwait(false);
            return traceIndex < firstLie ? right : LieAbout(right);
        }

        public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
            truth.StepAsync(traceIndex, cancellation);
    }
}
