using System.Security.Cryptography;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Host;

/// <summary>Small contracts for an L2, as creation code, and calls of them.</summary>
internal static class L2Code
{
    /// <summary>
    /// Calls the account in the first word of the calldata with the rest, and keeps at that number whether it
    /// succeeded, plus 1, and 256 places behind it the first word of the answer.
    /// </summary>
    internal static byte[] Asking { get; } = Creation(
        "60203603806020600037" + "602060008260006000355afa" + "60010160003555" + "600051600035610100015500");

    /// <summary>
    /// Keeps n + 1 at n, from the first word of the calldata on, as often as the second says.
    /// </summary>
    internal static byte[] Filling { get; } = Creation(
        "60003560203560003501" + "5b808210156021" + "57" + "81806001019055" + "9060010190600a56" + "5b00");

    /// <summary>A contract that does nothing but has a number.</summary>
    internal static byte[] Small(byte number) => Creation($"60{number:x2}5000");

    /// <summary>Calldata: the account, and what to call it with.</summary>
    internal static byte[] Ask(byte account, byte[] input) => [.. new byte[31], account, .. input];

    /// <summary>Calldata: two words.</summary>
    internal static byte[] Fill(ulong first, ulong count) =>
        [.. Bytes32.FromInteger(first).ToArray(), .. Bytes32.FromInteger(count).ToArray()];

    /// <summary>
    /// A right question to the contract 0x0a (EIP-4844): commitment and proof are the point at infinity, as
    /// those of a blob of zeros, whose polynomial is zero everywhere.
    /// </summary>
    internal static byte[] PointEvaluation(byte point)
    {
        byte[] infinity = new byte[Harness.Host.Blobs.Blob.CommitmentBytes];
        infinity[0] = 0xc0;
        byte[] hash = SHA256.HashData(infinity);
        hash[0] = 1;
        return [.. hash, .. new byte[31], point, .. new byte[32], .. infinity, .. infinity];
    }

    private static byte[] Creation(string code)
    {
        byte[] runtime = Convert.FromHexString(code);
        return [0x60, (byte)runtime.Length, 0x80, 0x60, 0x0b, 0x60, 0, 0x39, 0x60, 0, 0xf3, .. runtime];
    }
}
