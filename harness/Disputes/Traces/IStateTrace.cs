using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// The states of a virtual machine's run. Leaf i is the hash of the state after i + 1 steps, with the
/// machine's status in byte 0; past the end the last state stays.
/// </summary>
public interface IStateTrace : ITrace
{
    /// <summary>Hash of the state before the first step.</summary>
    Task<Bytes32> PrestateAsync(CancellationToken cancellation = default);

    /// <summary>What the contract needs for the step that leads to a leaf.</summary>
    Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default);
}
