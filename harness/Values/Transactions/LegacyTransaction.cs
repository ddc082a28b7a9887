using System.Numerics;
using Nethereum.Model;

namespace Culverin.Harness.Values.Transactions;

/// <summary>
/// The first kind of transaction, with one gas price. With a chain id it is signed for that chain only
/// (EIP-155).
/// </summary>
public sealed record LegacyTransaction : SignedTransaction
{
    // v is the recovery id plus 27 on any chain, or plus 35 and twice the chain id.
    private const int AnyChainOffset = 27;
    private const int OneChainOffset = 35;

    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.Legacy;

    /// <summary>Wei for each unit of gas.</summary>
    public BigInteger GasPrice { get; init; }

    /// <summary>Reads the RLP list; throws <see cref="ChainException"/> when it is malformed.</summary>
    internal static LegacyTransaction Read(ReadOnlyMemory<byte> encoded) =>
        Read(encoded, model => model is SignedLegacyTransaction legacy ? Convert(legacy) : null);

    private protected override Nethereum.Model.SignedTransaction ToModel(EcdsaSignature? signature)
    {
        byte[][] fields =
        [
            Bytes(Nonce), Bytes(GasPrice), Bytes(GasLimit), RlpItem.FromAddress(To).Bytes.ToArray(),
            Bytes(Value), Data.ToArray(),
        ];
        BigInteger recoveryId = signature?.RecoveryId ?? 0;
        SignedLegacyTransaction model = ChainId is { } chain
            ? new LegacyTransactionChainId(
                fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], Bytes(chain))
            : new Nethereum.Model.LegacyTransaction(
                fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
        BigInteger v = ChainId is null
            ? AnyChainOffset + recoveryId
            : 2 * new BigInteger(ChainId.Value) + OneChainOffset + recoveryId;
        if (ModelOf(signature, v) is { } signed)
        {
            model.SetSignature(signed);
        }

        return model;
    }

    private static LegacyTransaction Convert(SignedLegacyTransaction model)
    {
        (ulong? chain, int recoveryId) = SplitV(Number(model.Signature.V));
        return new LegacyTransaction
        {
            ChainId = chain,
            Nonce = UInt64(Number(model.Nonce)),
            GasPrice = Number(model.GasPrice),
            GasLimit = UInt64(Number(model.GasLimit)),
            To = model.ReceiveAddress is { Length: > 0 } to ? new Address(to) : null,
            Value = Number(model.Value),
            Data = model.Data,
            Signature = new EcdsaSignature(Word(model.Signature.R), Word(model.Signature.S), recoveryId),
        };
    }

    private static (ulong? ChainId, int RecoveryId) SplitV(BigInteger v)
    {
        if (v == AnyChainOffset || v == AnyChainOffset + 1)
        {
            return (null, (int)v - AnyChainOffset);
        }

        BigInteger chain = (v - OneChainOffset) >> 1;
        return v >= OneChainOffset && chain <= ulong.MaxValue
            ? ((ulong)chain, (int)((v - OneChainOffset) & 1))
            : throw new ChainException(ChainFailure.Encoding, "A transaction's v belongs to no chain.");
    }
}
