using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>
/// The first kind of transaction, with one gas price. With a chain id it is signed for that chain only
/// (EIP-155).
/// </summary>
public sealed record LegacyTransaction : SignedTransaction
{
    private const int FieldCount = 9;

    // v is the recovery id plus 27 on any chain, or plus 35 and twice the chain id.
    private const int AnyChainOffset = 27;
    private const int OneChainOffset = 35;

    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.Legacy;

    /// <summary>Wei for each unit of gas.</summary>
    public BigInteger GasPrice { get; init; }

    /// <inheritdoc/>
    public override byte[] Encode()
    {
        EcdsaSignature signature = RequireSignature();
        BigInteger v = ChainId is { } chain
            ? 2 * new BigInteger(chain) + OneChainOffset + signature.RecoveryId
            : AnyChainOffset + signature.RecoveryId;
        return RlpItem.List([.. Fields(), v, Number(signature.R), Number(signature.S)]).Encode();
    }

    /// <summary>Reads the RLP list; throws <see cref="ChainException"/> when it is malformed.</summary>
    internal static LegacyTransaction Read(RlpItem list)
    {
        RlpItem[] parts = Parts(list, FieldCount);
        (ulong? chain, int recoveryId) = SplitV(parts[6].AsUInt256());
        return new LegacyTransaction
        {
            ChainId = chain,
            Nonce = parts[0].AsUInt64(),
            GasPrice = parts[1].AsUInt256(),
            GasLimit = parts[2].AsUInt64(),
            To = parts[3].AsAddressOrNone(),
            Value = parts[4].AsUInt256(),
            Data = parts[5].Bytes,
            Signature = new EcdsaSignature(Word(parts[7]), Word(parts[8]), recoveryId),
        };
    }

    private protected override byte[] EncodeForSigning() =>
        (ChainId is { } chain
            ? RlpItem.List([.. Fields(), chain, RlpItem.Empty, RlpItem.Empty])
            : RlpItem.List(Fields())).Encode();

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

    private RlpItem[] Fields() =>
        [Nonce, GasPrice, GasLimit, RlpItem.FromAddress(To), Value, Data];
}
