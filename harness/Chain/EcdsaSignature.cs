using System;
using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>
/// A signature over secp256k1 from which the signer's key can be recovered: r and s, big-endian, and which
/// of the up to four candidate keys it is (0 to 3; Ethereum allows 0 and 1).
/// </summary>
public sealed record EcdsaSignature
{
    // Half the order of the curve; an s above it has a twin below, which Ethereum requires (EIP-2).
    private static readonly BigInteger LowSMax = new(
        Convert.FromHexString("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"),
        isUnsigned: true,
        isBigEndian: true);

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
    /// belongs to no key, or libsecp256k1 is missing.
    /// </summary>
    public Address RecoverSigner(Bytes32 hash) => PrivateKey.AddressOf(Secp256k1.Recover(hash, this));

    /// <summary>The 65 bytes that contracts take: r, s, and recovery id + 27.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[2 * Bytes32.SizeBytes + 1];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(Bytes32.SizeBytes));
        bytes[^1] = (byte)(RecoveryId + RecoveryOffset);
        return bytes;
    }
}
