using System.Numerics;
using Nethereum.Signer;

namespace Culverin.Harness.Values;

/// <summary>
/// The key of an account, held in memory. Nothing prints it: its text is the account's address. May be used
/// from several threads at once.
/// </summary>
public sealed class PrivateKey
{
    private const int SizeBytes = 32;

    private readonly EthECKey _key;
    private readonly bool _startsWithZero;

    static PrivateKey()
    {
        // The faster of Nethereum's two ways to find out which candidate key a signature recovers to.
        EthECKey.SignRecoverable = true;
    }

    /// <summary>
    /// Takes 32 bytes, big-endian. Throws <see cref="ChainException"/> when they are no key of secp256k1.
    /// </summary>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        BigInteger number = new(bytes, isUnsigned: true, isBigEndian: true);
        if (bytes.Length != SizeBytes || number.IsZero || number >= EcdsaSignature.CurveOrder)
        {
            throw new ChainException(
                ChainFailure.Signature,
                $"A private key has {SizeBytes} bytes, is not zero and is below the order of the curve.");
        }

        _key = new EthECKey(bytes.ToArray(), isPrivate: true);
        _startsWithZero = bytes[0] == 0;
        Address = AddressOf(_key);
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
    public EcdsaSignature Sign(Bytes32 hash)
    {
        byte[] bytes = hash.ToArray();
        if (!_startsWithZero)
        {
            EthECDSASignature signature = _key.SignAndCalculateYParityV(bytes);
            return EcdsaSignature.Of(signature, signature.V is [byte parity] ? parity : 0);
        }

        // Nethereum 6.1.0 drops a key's leading zero bytes on its fast way and then refuses the rest.
        EthECDSASignature plain = _key.Sign(bytes);
        EcdsaSignature even = EcdsaSignature.Of(plain, 0);
        return even.RecoverSigner(hash) == Address ? even : EcdsaSignature.Of(plain, 1);
    }

    /// <summary>The address, never the key.</summary>
    public override string ToString() => Address.ToString();

    /// <summary>The address of a public key.</summary>
    internal static Address AddressOf(EthECKey key) => new(key.GetPublicAddressAsBytes());
}
