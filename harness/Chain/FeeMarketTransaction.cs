using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>An account and its storage slots that a transaction announces to use (EIP-2930).</summary>
public sealed record AccessListEntry(Address Account, IReadOnlyList<Bytes32> Slots);

/// <summary>
/// A transaction that caps its fee: it pays the block's base fee and a tip, together at most <see
/// cref="MaxFeePerGas"/> (EIP-1559). Its chain id is required.
/// </summary>
public sealed record FeeMarketTransaction : SignedTransaction
{
    private const int FieldCount = 12;

    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.FeeMarket;

    /// <summary>Most wei for each unit of gas, base fee and tip together.</summary>
    public BigInteger MaxFeePerGas { get; init; }

    /// <summary>The tip: most wei for each unit of gas that go to the block's maker.</summary>
    public BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>Accounts and slots announced; empty for most transactions.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <inheritdoc/>
    public override byte[] Encode()
    {
        EcdsaSignature signature = RequireSignature();
        ulong parity = (ulong)signature.RecoveryId;
        return EncodeTyped(
            RlpItem.List([.. Fields(), parity, Number(signature.R), Number(signature.S)]));
    }

    /// <summary>Reads the RLP list; throws <see cref="ChainException"/> when it is malformed.</summary>
    internal static FeeMarketTransaction Read(RlpItem list)
    {
        RlpItem[] parts = Parts(list, FieldCount);
        ulong parity = parts[9].AsUInt64();
        return parity > 1
            ? throw new ChainException(ChainFailure.Encoding, "A transaction's parity is neither 0 nor 1.")
            : new FeeMarketTransaction
            {
                ChainId = parts[0].AsUInt64(),
                Nonce = parts[1].AsUInt64(),
                MaxPriorityFeePerGas = parts[2].AsUInt256(),
                MaxFeePerGas = parts[3].AsUInt256(),
                GasLimit = parts[4].AsUInt64(),
                To = parts[5].AsAddressOrNone(),
                Value = parts[6].AsUInt256(),
                Data = parts[7].Bytes,
                AccessList = [.. parts[8].Items.Select(ReadEntry)],
                Signature = new EcdsaSignature(Word(parts[10]), Word(parts[11]), (int)parity),
            };
    }

    private protected override byte[] EncodeForSigning() => EncodeTyped(RlpItem.List(Fields()));

    private static AccessListEntry ReadEntry(RlpItem entry)
    {
        RlpItem[] parts = Parts(entry, 2);
        return new AccessListEntry(
            new Address(parts[0].Bytes.Span), [.. parts[1].Items.Select(slot => slot.AsBytes32())]);
    }

    private RlpItem[] Fields() =>
    [
        ChainId ?? throw new ChainException(ChainFailure.Encoding, "The transaction names no chain."),
        Nonce,
        MaxPriorityFeePerGas,
        MaxFeePerGas,
        GasLimit,
        RlpItem.FromAddress(To),
        Value,
        Data,
        RlpItem.List(AccessList.Select(entry => RlpItem.List(
            entry.Account, RlpItem.List(entry.Slots.Select(slot => (RlpItem)slot))))),
    ];
}
