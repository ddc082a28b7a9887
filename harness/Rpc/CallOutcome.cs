using Culverin.Harness.Abi;

namespace Culverin.Harness.Rpc;

/// <summary>How a message call ended: with the data it returned, or reverted with its revert data.</summary>
public readonly record struct CallOutcome(bool IsReverted, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// The returned data; throws <see cref="RevertedException"/> with the decoded reason after a revert.
    /// </summary>
    public ReadOnlyMemory<byte> Require(string what) =>
        IsReverted ? throw new RevertedException(what, RevertReason.Decode(Data)) : Data;
}
