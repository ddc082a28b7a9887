using System.Numerics;
using Nethereum.Model;

namespace Culverin.Harness.Values.Transactions;

/// <summary>An account and its storage slots that a transaction announces to use (EIP-2930).</summary>
public sealed record AccessListEntry(Address Account, IReadOnlyList<Bytes32> Slots);

/// <summary>
/// A transaction that caps its fee: it pays the block's base fee and a tip, together at most <see
/// cref="MaxFeePerGas"/> (EIP-1559). Its chain id is required.
/// </summary>
public sealed record FeeMarketTransaction : SignedTransaction
{
    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.FeeMarket;

    /// <summary>Most wei for each unit of gas, base fee and tip together.</summary>
    public BigInteger MaxFeePerGas { get; init; }

    /// <summary>The tip: most wei for each unit of gas that go to the block's maker.</summary>
    public BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>Accounts and slots announced; empty for most transactions.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Reads type byte and RLP list; throws <see cref="ChainException"/>.</summary>
    internal static FeeMarketTransaction Read(ReadOnlyMemory<byte> encoded) =>
        Read(encoded, model => model is Transaction1559 typed ? Convert(typed) : null);

    private protected override Nethereum.Model.SignedTransaction ToModel(EcdsaSignature? signature) =>
        new Transaction1559(
            ChainId ?? throw new ChainException(ChainFailure.Encoding, "The transaction names no chain."),
            Nonce,
            MaxPriorityFeePerGas,
            MaxFeePerGas,
            GasLimit,
            To?.ToString(),
            Value,
            Hex.Format(Data.Span),
            [
                .. AccessList.Select(entry => new AccessListItem(
                    entry.Account.ToString(), [.. entry.Slots.Select(slot => slot.ToArray())])),
            ],
            ModelOf(signature, signature?.RecoveryId ?? 0));

    private static FeeMarketTransaction Convert(Transaction1559 model)
    {
        // A signature of zeros only, as local nodes give to what they send for others, is none to Nethereum.
        Nethereum.Model.ISignature? signature = model.Signature;
        BigInteger parity = Number(signature?.V);
        return parity > 1
            ? throw new ChainException(ChainFailure.Encoding, "A transaction's parity is neither 0 nor 1.")
            : new FeeMarketTransaction
            {
                ChainId = UInt64(model.ChainId),
                Nonce = UInt64(model.Nonce),
                MaxPriorityFeePerGas = UInt256(model.MaxPriorityFeePerGas),
                MaxFeePerGas = UInt256(model.MaxFeePerGas),
                GasLimit = UInt64(model.GasLimit),
                To = Receiver(model.ReceiverAddress),
                Value = UInt256(model.Amount),
                Data = Hex.Parse(string.IsNullOrEmpty(model.Data) ? "0x" : model.Data),
                AccessList =
                [
                    .. (model.AccessList ?? []).Select(entry => new AccessListEntry(
                        AddressOf(entry.Address),
                        [.. entry.StorageKeys.Select(slot => new Bytes32(slot))])),
                ],
                Signature = new EcdsaSignature(Word(signature?.R), Word(signature?.S), (int)parity),
            };
    }
}
