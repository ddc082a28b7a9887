using System;
using Culverin.Harness.Chain;
using Culverin.Primitives;

namespace Culverin.Harness.Arenas;

/// <summary>The kinds of pre-image keys: byte 0 of the key.</summary>
public enum PreimageKeyType
{
    /// <summary>Data of one run of the program, known by a number.</summary>
    Local = 1,

    /// <summary>The Keccak-256 of the data, byte 0 replaced.</summary>
    Keccak256 = 2,

    /// <summary>The SHA-256 of the data, byte 0 replaced.</summary>
    Sha256 = 4,

    /// <summary>One field element of a blob: Keccak-256 of commitment and point, byte 0 replaced.</summary>
    Blob = 5,

    /// <summary>The result of a precompile: Keccak-256 of address and input, byte 0 replaced.</summary>
    Precompile = 6,
}

/// <summary>Rules of the pre-image oracle's keys.</summary>
public static class PreimageKey
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
