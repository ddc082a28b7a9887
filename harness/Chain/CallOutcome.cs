using System;

namespace Culverin.Harness.Chain;

/// <summary>How a message call ended: with the data it returned, or reverted with its revert data.</summary>
public readonly record struct CallOutcome(bool IsReverted, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// The returned data; throws <see cref="RevertedException"/> with the decoded reason after a revert.
    /// </summary>
    public ReadOnlyMemory<byte> Require(string what, params ReadOnlySpan<ContractAbi> contracts) =>
        IsReverted
            ? throw new RevertedException(what, RevertReason.Decode(Data, contracts))
            : Data;
}
