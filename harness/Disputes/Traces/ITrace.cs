using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// What is right to claim for each leaf of a tree. A trace that cannot know throws a <see
/// cref="CulverinException"/> with the reason; nobody may bet on a guess.
/// </summary>
public interface ITrace
{
    /// <summary>The right claim about a leaf, counted from 0 at the left edge.</summary>
    Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default);
}
