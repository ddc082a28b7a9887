using System.Numerics;

namespace Culverin.Harness.Values.Transactions;

/// <summary>
/// A transaction that an L2 takes over from its L1: nobody signs it, its sender is named, and it may make
/// new ether (source: OP Stack specification, deposits).
/// </summary>
public sealed record DepositTransaction : Transaction
{
    private const int FieldCount = 8;

    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.Deposit;

    /// <summary>Names the event on L1, so that no two deposits have one hash.</summary>
    public Bytes32 SourceHash { get; init; }

    /// <summary>The sender.</summary>
    public Address From { get; init; }

    /// <summary>Wei that the sender gets before the call, even when that fails.</summary>
    public BigInteger Mint { get; init; }

    /// <summary>Whether it is outside the block's gas limit; false since the Regolith upgrade.</summary>
    public bool IsSystemTransaction { get; init; }

    /// <inheritdoc/>
    public override byte[] Encode() => [(byte)Type, .. RlpItem.List(
        SourceHash,
        From,
        RlpItem.FromAddress(To),
        Mint,
        Value,
        GasLimit,
        IsSystemTransaction ? 1UL : 0UL,
        Data).Encode()];

    /// <summary>Reads the RLP list; throws <see cref="ChainException"/> when it is malformed.</summary>
    internal static DepositTransaction Read(RlpItem list)
    {
        RlpItem[] parts = list.Parts;
        if (parts.Length != FieldCount)
        {
            throw new ChainException(
                ChainFailure.Encoding, $"A deposit has {FieldCount} fields, not {parts.Length}.");
        }

        ulong isSystem = parts[6].AsUInt64();
        return isSystem > 1
            ? throw new ChainException(ChainFailure.Encoding, "A deposit's system mark is neither 0 nor 1.")
            : new DepositTransaction
            {
                SourceHash = parts[0].AsBytes32(),
                From = new Address(parts[1].Bytes.Span),
                To = parts[2].AsAddressOrNone(),
                Mint = parts[3].AsUInt256(),
                Value = parts[4].AsUInt256(),
                GasLimit = parts[5].AsUInt64(),
                IsSystemTransaction = isSystem == 1,
                Data = parts[7].Bytes,
            };
    }
}
