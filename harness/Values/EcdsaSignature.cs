using System.Numerics;
using Nethereum.Signer;

namespace Culverin.Harness.Values;

/// <summary>
/// A signature over secp256k1 from which the signer's key can be recovered: r and s, big-endian, and which
/// of the up to four candidate keys it is (0 to 3; Ethereum allows 0 and 1).
/// </summary>
public sealed record EcdsaSignature
{
    /// <summary>The order of the curve: keys and both numbers of a signature are below it.</summary>
    internal static readonly BigInteger CurveOrder = new(
        Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
        isUnsigned: true,
        isBigEndian: true);

    // An s above half of the order has a twin below it, which Ethereum requires (EIP-2).
    private static readonly BigInteger LowSMax = CurveOrder / 2;

    private const int RecoveryIdMax = 3;

    // What the contracts' ecrecover and old transactions add to the recovery id.
    private const int RecoveryOffset = 27;

    /// <summary>
    /// Takes the parts; throws <see cref="ChainException"/> for a recovery id outside 0 to 3.
    /// </summary>
    public EcdsaSignature(Bytes32 r, Bytes32 s, int recoveryId)
    {
        if (recoveryId is < 0 or > RecoveryIdMax)
        {
            throw new ChainException(
                ChainFailure.Signature, $"A recovery id is 0 to {RecoveryIdMax}, not {recoveryId}.");
        }

        R = r;
        S = s;
        RecoveryId = recoveryId;
    }

    /// <summary>The first number, big-endian.</summary>
    public Bytes32 R { get; }

    /// <summary>The second number, big-endian.</summary>
    public Bytes32 S { get; }

    /// <summary>Which candidate key is the signer's.</summary>
    public int RecoveryId { get; }

    /// <summary>Whether s is in the lower half, as Ethereum requires of transactions.</summary>
    public bool IsLowS => S.ToInteger() <= LowSMax;

    /// <summary>
    /// The address whose key made this signature of the hash. Throws <see cref="ChainException"/> when it
    /// belongs to no key.
    /// </summary>
    public Address RecoverSigner(Bytes32 hash)
    {
        EthECKey? key = IsInRange(R) && IsInRange(S) ? Recover(hash) : null;
        return key is null
            ? throw new ChainException(ChainFailure.Signature, "The signature belongs to no key.")
            : PrivateKey.AddressOf(key);
    }

    /// <summary>The 65 bytes that contracts take: r, s, and recovery id + 27.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[2 * Bytes32.SizeBytes + 1];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(Bytes32.SizeBytes));
        bytes[^1] = (byte)(RecoveryId + RecoveryOffset);
        return bytes;
    }

    /// <summary>Nethereum's signature with a recovery id, its numbers in 32 bytes each.</summary>
    internal static EcdsaSignature Of(EthECDSASignature signature, int recoveryId) =>
        new(Word(signature.R), Word(signature.S), recoveryId);

    private static Bytes32 Word(ReadOnlySpan<byte> number) =>
        Bytes32.FromInteger(new BigInteger(number, isUnsigned: true, isBigEndian: true));

    private static bool IsInRange(Bytes32 number) =>
        number.ToInteger() is { IsZero: false } value && value < CurveOrder;

    // Nethereum says with null or an exception of its arithmetic that there is no such point.
    private EthECKey? Recover(Bytes32 hash)
    {
        try
        {
            EthECDSASignature signature = EthECDSASignatureFactory.FromComponents(R.ToArray(), S.ToArray());
            return EthECKey.RecoverFromSignature(signature, RecoveryId, hash.ToArray());
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException
            or ArithmeticException or FormatException or NullReferenceException)
        {
            return null;
        }
    }
}
