using System.Security.Cryptography;
using Culverin.Primitives;

namespace Culverin.Oracle;

/// <summary>
/// Checks that the answers of another oracle belong to their keys: for keccak256 keys (type 2) and sha256
/// keys (type 4) the hash of the value, with its first byte replaced by the type, must be the key. Other
/// types pass unchecked, since their keys are not plain hashes of the value.
/// </summary>
/// <remarks>
/// The reference does not look. But a step that read a wrong value can never be proven on chain, because the
/// contract accepts only values that hash to the key; so it is better to stop at once.
/// </remarks>
internal sealed class VerifyingOracle : IPreimageOracle
{
    private readonly IPreimageOracle _inner;

    /// <summary>Checks the answers of <paramref name="inner"/>, which it then owns and shuts down.</summary>
    public VerifyingOracle(IPreimageOracle inner)
    {
        _inner = inner;
    }

    /// <summary>
    /// Returns <paramref name="inner"/> with checks around it, or as it is when the options say so.
    /// </summary>
    public static IPreimageOracle Wrap(IPreimageOracle inner, OracleOptions options)
    {
        return options.VerifyHashes ? new VerifyingOracle(inner) : inner;
    }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        byte[] value = _inner.GetPreimage(key);
        PreimageKey.Require(key);
        Span<byte> hash = stackalloc byte[PreimageKey.Bytes];
        switch ((PreimageKeyType)key[0])
        {
            case PreimageKeyType.Keccak256:
                Keccak256.Hash(value, hash);
                break;
            case PreimageKeyType.Sha256:
                SHA256.HashData(value, hash);
                break;
            default:
                return value;
        }

        hash[0] = key[0];
        return hash.SequenceEqual(key) ? value : throw Mismatch(key, value.Length);
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload) => _inner.Hint(payload);

    /// <inheritdoc/>
    public void Shutdown() => _inner.Shutdown();

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private static CulverinException Mismatch(ReadOnlySpan<byte> key, int lengthBytes)
    {
        string function = (PreimageKeyType)key[0] == PreimageKeyType.Keccak256 ? "keccak256" : "sha256";
        string guess = lengthBytes == 0 ? " Some servers answer nothing when they lack a pre-image." : "";
        return new CulverinException(ErrorCode.PreimageServer,
            $"The answer to the pre-image key {PreimageKey.Text(key)} ({lengthBytes} bytes) does not have "
            + $"that {function} hash, so no step that reads it could be proven.{guess}");
    }
}
