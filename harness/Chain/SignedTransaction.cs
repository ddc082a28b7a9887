namespace Culverin.Harness.Chain;

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
    public Bytes32 SigningHash => Bytes32.Keccak256(EncodeForSigning());

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

    /// <summary>The encoding without the signature.</summary>
    private protected abstract byte[] EncodeForSigning();

    private protected EcdsaSignature RequireSignature() =>
        Signature ?? throw new ChainException(ChainFailure.Signature, "The transaction is not signed.");

    // The two numbers of a signature are written as numbers, without their leading zeros.
    private protected static RlpItem Number(Bytes32 word) => word.ToInteger();

    private protected static Bytes32 Word(RlpItem number) => Bytes32.FromInteger(number.AsUInt256());
}
