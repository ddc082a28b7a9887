using System.Numerics;

namespace Culverin.Harness.Values.Transactions;

/// <summary>
/// A transaction that an account signs. Made without a signature; <see cref="Sign"/> gives one that has it.
/// </summary>
public abstract record SignedTransaction : Transaction
{
    /// <summary>The chain it is for; null in an old transaction that is valid on every chain.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>The sender's transaction number.</summary>
    public ulong Nonce { get; init; }

    /// <summary>The sender's signature; null before signing.</summary>
    public EcdsaSignature? Signature { get; init; }

    /// <summary>What the sender signs.</summary>
    public Bytes32 SigningHash => new(ToModel(null).RawHash);

    /// <summary>The same transaction with a signature by this key.</summary>
    public SignedTransaction Sign(PrivateKey key) => this with { Signature = key.Sign(SigningHash) };

    /// <summary>
    /// The account that signed. Throws <see cref="ChainException"/> when there is no signature, it belongs
    /// to no key, or it has the form that Ethereum refuses (s in the upper half).
    /// </summary>
    public Address RecoverSender()
    {
        EcdsaSignature signature = RequireSignature();
        return signature.IsLowS && signature.RecoveryId <= 1
            ? signature.RecoverSigner(SigningHash)
            : throw new ChainException(
                ChainFailure.Signature,
                "A transaction's signature is not in the form that Ethereum requires.");
    }

    /// <summary>The transaction as Nethereum encodes it; without a signature to be signed.</summary>
    private protected abstract Nethereum.Model.SignedTransaction ToModel(EcdsaSignature? signature);

    /// <inheritdoc/>
    public override byte[] Encode() => ToModel(RequireSignature()).GetRLPEncoded();

    /// <summary>
    /// Decodes by Nethereum. Throws <see cref="ChainException"/> for other bytes than a transaction of this
    /// kind has; whether they are the canonical ones shows when <paramref name="convert"/>'s result is
    /// encoded again.
    /// </summary>
    /// <param name="encoded">The bytes, with the type byte where there is one.</param>
    /// <param name="convert">Makes the transaction of what was decoded; null for another kind.</param>
    private protected static T Read<T>(
        ReadOnlyMemory<byte> encoded, Func<Nethereum.Model.ISignedTransaction, T?> convert)
        where T : SignedTransaction
    {
        ReadOnlySpan<byte> bytes = encoded.Span;
        RlpCodec.RequireBounded(bytes[0] < RlpCodec.ListOffset ? bytes[1..] : bytes);
        T? transaction;
        try
        {
            transaction = convert(Nethereum.Model.TransactionFactory.CreateTransaction(encoded.ToArray()));
        }
        catch (Exception error) when (error is not (ChainException or OutOfMemoryException))
        {
            throw new ChainException(ChainFailure.Encoding, "A transaction does not decode.", error);
        }

        // The decoded object keeps the bytes that it came from: only a new one shows what it encodes to.
        return transaction is not null && transaction.Encode().AsSpan().SequenceEqual(bytes)
            ? transaction
            : throw new ChainException(
                ChainFailure.Encoding, "A transaction is not the canonical encoding of its fields.");
    }

    /// <summary>The numbers of a signature without leading zeros, as they are encoded.</summary>
    private protected static Nethereum.Model.Signature? ModelOf(EcdsaSignature? signature, BigInteger v) =>
        signature is null
            ? null
            : new(Bytes(signature.R.ToInteger()), Bytes(signature.S.ToInteger()), Bytes(v));

    /// <summary>A number of a decoded signature as a word.</summary>
    private protected static Bytes32 Word(byte[]? number) => Bytes32.FromInteger(Number(number));

    /// <summary>A decoded number of at most 256 bits.</summary>
    private protected static BigInteger Number(byte[]? number) =>
        UInt256(new BigInteger(number ?? [], isUnsigned: true, isBigEndian: true));

    /// <summary>A decoded number; throws <see cref="ChainException"/> above 64 bits.</summary>
    private protected static ulong UInt64(BigInteger? number) => (number ?? 0) <= ulong.MaxValue
        ? (ulong)(number ?? 0)
        : throw new ChainException(ChainFailure.Encoding, "A transaction has a number of over 64 bits.");

    /// <summary>A decoded number; throws <see cref="ChainException"/> above 256 bits.</summary>
    private protected static BigInteger UInt256(BigInteger? number) =>
        Bytes32.FromInteger(number ?? 0).ToInteger();

    /// <summary>A decoded receiver; null creates a contract.</summary>
    private protected static Address? Receiver(string? text) =>
        string.IsNullOrEmpty(text) || text == "0x" ? null : AddressOf(text);

    /// <summary>A decoded address, which Nethereum writes with or without "0x".</summary>
    private protected static Address AddressOf(string text) =>
        Address.Parse(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text);

    /// <summary>A number without leading zeros; zero has no bytes.</summary>
    private protected static byte[] Bytes(BigInteger number) =>
        number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true);

    private EcdsaSignature RequireSignature() =>
        Signature ?? throw new ChainException(ChainFailure.Signature, "The transaction is not signed.");
}
