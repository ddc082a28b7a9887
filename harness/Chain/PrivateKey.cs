using System;

namespace Culverin.Harness.Chain;

/// <summary>
/// The key of an account, held in memory. Nothing prints it: its text is the account's address. May be used
/// from several threads at once.
/// </summary>
public sealed class PrivateKey
{
    private readonly byte[] _bytes;

    /// <summary>
    /// Takes 32 bytes. Throws <see cref="ChainException"/> when they are no key of secp256k1, or
    /// libsecp256k1 is missing.
    /// </summary>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        Address = AddressOf(Secp256k1.PublicKeyOf(_bytes));
    }

    /// <summary>The account's address.</summary>
    public Address Address { get; }

    /// <summary>
    /// Reads "0x" and 64 digits; throws <see cref="ChainException"/>, whose message does not repeat the
    /// text.
    /// </summary>
    public static PrivateKey Parse(string text) =>
        Hex.TryParse(text, out byte[]? bytes)
            ? new PrivateKey(bytes)
            : throw new ChainException(
                ChainFailure.Signature, "A private key must be written as 0x and 64 hexadecimal digits.");

    /// <summary>Signs a hash; the same hash always gets the same signature.</summary>
    public EcdsaSignature Sign(Bytes32 hash) => Secp256k1.Sign(hash, _bytes);

    /// <summary>The address, never the key.</summary>
    public override string ToString() => Address.ToString();

    /// <summary>The last 20 bytes of the Keccak-256 of a public key's 64 bytes.</summary>
    internal static Address AddressOf(ReadOnlySpan<byte> publicKey) =>
        new(Bytes32.Keccak256(publicKey).ToArray().AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
}
