using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Primitives;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>Rules of the keys that the pre-image oracle's contract keeps values under.</summary>
public static class OracleKey
{
    /// <summary>Bytes of the length in front of a value.</summary>
    public const int PrefixBytes = 8;

    /// <summary>The kind that byte 0 of a key names; not every byte is one.</summary>
    public static PreimageKeyType TypeOf(Bytes32 key) => (PreimageKeyType)key.FirstByte;

    /// <summary>
    /// The key under which the oracle keeps local data: each caller and each context has its own.
    /// Keccak-256 of key, caller (padded to 32 bytes) and context, byte 0 replaced by the local type.
    /// </summary>
    public static Bytes32 Localize(Bytes32 key, Address caller, Bytes32 localContext)
    {
        Span<byte> input = stackalloc byte[3 * Bytes32.SizeBytes];
        input.Clear();
        key.CopyTo(input);
        caller.CopyTo(input[(2 * Bytes32.SizeBytes - Address.SizeBytes)..]);
        localContext.CopyTo(input[(2 * Bytes32.SizeBytes)..]);
        Span<byte> hash = stackalloc byte[Bytes32.SizeBytes];
        Keccak256.Hash(input, hash);
        hash[0] = (byte)PreimageKeyType.Local;
        return new Bytes32(hash);
    }
}
