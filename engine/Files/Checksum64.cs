using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Culverin.Files;

/// <summary>
/// Finds damage, not malice, at about the speed of memory: CRC-32C of the four quarters side by side, of
/// which two each are joined to one half of the sum.
/// </summary>
internal static class Checksum64
{
    private const uint Start = uint.MaxValue;

    /// <summary>The sum of some bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> data)
    {
        int quarter = data.Length / (4 * sizeof(ulong));
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        ReadOnlySpan<ulong> first = words[..quarter];
        ReadOnlySpan<ulong> second = words.Slice(quarter, quarter);
        ReadOnlySpan<ulong> third = words.Slice(2 * quarter, quarter);
        ReadOnlySpan<ulong> fourth = words.Slice(3 * quarter, quarter);
        uint a = Start;
        uint b = Start;
        uint c = Start;
        uint d = Start;
        for (int index = 0; index < first.Length; index++)
        {
            a = BitOperations.Crc32C(a, LittleEndian(first[index]));
            b = BitOperations.Crc32C(b, LittleEndian(second[index]));
            c = BitOperations.Crc32C(c, LittleEndian(third[index]));
            d = BitOperations.Crc32C(d, LittleEndian(fourth[index]));
        }

        foreach (byte rest in data[(4 * quarter * sizeof(ulong))..])
        {
            d = BitOperations.Crc32C(d, rest);
        }

        uint low = BitOperations.Crc32C(BitOperations.Crc32C(a, (ulong)b), (ulong)data.Length);
        uint high = BitOperations.Crc32C(BitOperations.Crc32C(c, (ulong)d), (ulong)data.Length);
        return ((ulong)high << 32) | low;
    }

    private static ulong LittleEndian(ulong word) =>
        BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
}
