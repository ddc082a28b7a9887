using System.Numerics;

namespace Culverin.Harness.Values.Transactions;

/// <summary>The kinds of transactions that the harness knows; the number is the type byte.</summary>
public enum TransactionType
{
    /// <summary>The first kind: one gas price; no type byte is written (EIP-155).</summary>
    Legacy = 0,

    /// <summary>A cap for the fee and one for the tip (EIP-1559).</summary>
    FeeMarket = 2,

    /// <summary>Made on an L2 by an event on its L1; unsigned (OP Stack).</summary>
    Deposit = 0x7e,
}

/// <summary>
/// A transaction as blocks hold it. Decoding is strict: <see cref="Encode"/> of a decoded transaction gives
/// the same bytes back. Instances do not change.
/// </summary>
public abstract record Transaction
{
    /// <summary>The kind.</summary>
    public abstract TransactionType Type { get; }

    /// <summary>Who is called; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Most gas that the transaction may use.</summary>
    public ulong GasLimit { get; init; }

    /// <summary>Calldata, or creation code with its arguments.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The Keccak-256 of the encoding, by which the chain knows the transaction.</summary>
    public Bytes32 Hash => Bytes32.Keccak256(Encode());

    /// <summary>
    /// Reads an encoded transaction of a known kind. Throws <see cref="ChainException"/> when it is
    /// malformed, not canonical, or of another kind.
    /// </summary>
    public static Transaction Decode(ReadOnlyMemory<byte> encoded)
    {
        byte first = encoded.IsEmpty
            ? throw new ChainException(ChainFailure.Encoding, "A transaction has no bytes.")
            : encoded.Span[0];
        return first switch
        {
            >= RlpCodec.ListOffset => LegacyTransaction.Read(encoded),
            (byte)TransactionType.FeeMarket => FeeMarketTransaction.Read(encoded),
            (byte)TransactionType.Deposit => DepositTransaction.Read(RlpItem.Decode(encoded[1..])),
            _ => throw new ChainException(
                ChainFailure.Encoding, $"Transactions of type 0x{first:x2} are not known here."),
        };
    }

    /// <summary>
    /// The encoding: the type byte, where there is one, and RLP. A transaction that needs a signature and
    /// has none throws <see cref="ChainException"/>.
    /// </summary>
    public abstract byte[] Encode();
}
