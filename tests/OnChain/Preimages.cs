using System.Security.Cryptography;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.OnChain.Tests;

/// <summary>Pre-images of every kind that the oracles know.</summary>
internal static class Preimages
{
    private static readonly byte[] Data = [.. Enumerable.Range(1, 70).Select(index => (byte)index)];

    /// <summary>The key of a value; a local key may be any, and depends here on the value, too.</summary>
    public static byte[] KeyOf(PreimageKeyType type, byte[] value)
    {
        byte[] key = type == PreimageKeyType.Sha256
            ? SHA256.HashData(value)
            : Bytes32.Keccak256(value).ToArray();
        key[0] = (byte)type;
        return key;
    }

    /// <summary>A pre-image at offset 0, with the evidence that a contract wants.</summary>
    public static PreimagePart Make(DeployedContract contract, PreimageKeyType type) => type switch
    {
        PreimageKeyType.Local => Part(type, Data[..19], Data[..19]),
        PreimageKeyType.Blob => Blob(),
        PreimageKeyType.Precompile => Precompile(contract),
        _ => Part(type, Data, Data),
    };

    /// <summary>A value behind its length.</summary>
    public static byte[] WithLength(byte[] data) => [0, 0, 0, 0, 0, 0, 0, (byte)data.Length, .. data];

    private static PreimagePart Part(PreimageKeyType type, byte[] hashed, byte[] value) =>
        new(new Bytes32(KeyOf(type, hashed)), WithLength(value), 0);

    // The polynomial zero: commitment and proof are the point at infinity, and every value is zero.
    private static PreimagePart Blob()
    {
        byte[] infinity = [0xC0, .. new byte[47]];
        byte[] point = [.. new byte[31], 3];
        return Part(PreimageKeyType.Blob, [.. infinity, .. point], new byte[32]) with
        {
            Evidence = (byte[])[.. infinity, .. point, .. infinity],
        };
    }

    // The identity precompile: a success byte, then the input again. The newer oracle hashes the gas, too.
    private static PreimagePart Precompile(DeployedContract contract)
    {
        byte[] gas = contract is MipsContract ? [] : [0, 0, 0, 0, 0, 0, 0x27, 0x10];
        byte[] input = [.. new byte[19], 4, .. gas, .. Data];
        return Part(PreimageKeyType.Precompile, input, [1, .. Data]) with { Evidence = input };
    }
}
