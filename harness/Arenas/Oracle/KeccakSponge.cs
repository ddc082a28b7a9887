using System.Buffers.Binary;
using Culverin.Harness.Values;
using Culverin.Primitives;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>
/// The state of Keccak-256 between blocks, as the pre-image oracle commits to it when data are too large for
/// one transaction (source: FIPS 202, with the padding of Ethereum).
/// </summary>
public sealed class KeccakSponge
{
    /// <summary>Bytes that are absorbed between two permutations.</summary>
    public const int BlockBytes = 136;

    private const int StateLanes = 25;
    private const byte FirstPaddingByte = 0x01;
    private const byte LastPaddingByte = 0x80;

    private readonly ulong[] _lanes = new ulong[StateLanes];

    /// <summary>The state: 25 lanes.</summary>
    public ReadOnlySpan<ulong> Lanes => _lanes;

    /// <summary>The data with its padding: a whole number of blocks.</summary>
    public static byte[] Pad(ReadOnlySpan<byte> data)
    {
        byte[] padded = new byte[((data.Length / BlockBytes) + 1) * BlockBytes];
        data.CopyTo(padded);
        padded[data.Length] ^= FirstPaddingByte;
        padded[^1] ^= LastPaddingByte;
        return padded;
    }

    /// <summary>Takes in one block of padded data.</summary>
    public void Absorb(ReadOnlySpan<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Length, BlockBytes);
        for (int index = 0; index < BlockBytes / sizeof(ulong); index++)
        {
            _lanes[index] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(index * sizeof(ulong))..]);
        }

        Keccak256.Permute(_lanes);
    }

    /// <summary>The commitment to the state: the hash of its lanes, a word each.</summary>
    public Bytes32 Commitment()
    {
        byte[] words = new byte[StateLanes * Bytes32.SizeBytes];
        for (int index = 0; index < StateLanes; index++)
        {
            int end = (index + 1) * Bytes32.SizeBytes;
            BinaryPrimitives.WriteUInt64BigEndian(words.AsSpan(end - sizeof(ulong)), _lanes[index]);
        }

        return Bytes32.Keccak256(words);
    }
}
