using System.Buffers.Binary;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>
/// One call of the oracle's <c>addLeavesLPP</c>, as the contract itself reads it: arguments that no encoder
/// would write that way, but that the contract took, must not hide what they say. The contract logs each call
/// that it takes, without topics: the caller (20 bytes) and all calldata.
/// </summary>
/// <param name="Id">The proposal, beside its proposer.</param>
/// <param name="Blocks">Whole Keccak blocks, with the padding if it is the last call.</param>
/// <param name="Commitments">The stated state after each block.</param>
internal sealed record LeavesCall(
    Bytes32 Id, ReadOnlyMemory<byte> Blocks, IReadOnlyList<Bytes32> Commitments)
{
    private const int InputWord = 2;
    private const int CommitmentsWord = 3;
    private const int IsLastWord = 4;
    private const int ArgumentCount = 5;

    private static readonly byte[] Selector =
        ContractCodec.SelectorOf<PreimageOracle.AddLeavesLPPFunction>();

    /// <summary>
    /// Reads a log entry; null when it tells of another proposer or function. Throws <see
    /// cref="ChainException"/> when the contract cannot have written it.
    /// </summary>
    internal static LeavesCall? Read(LogEntry entry, Address claimant)
    {
        ReadOnlyMemory<byte> data = entry.Data;
        int headBytes = Address.SizeBytes + ContractCodec.SelectorBytes;
        if (entry.Topics.Count > 0
            || data.Length < headBytes
            || new Address(data.Span[..Address.SizeBytes]) != claimant
            || !data.Span[Address.SizeBytes..headBytes].SequenceEqual(Selector))
        {
            return null;
        }

        ReadOnlyMemory<byte> arguments = data[headBytes..];
        if (arguments.Length < ArgumentCount * Bytes32.SizeBytes)
        {
            throw Malformed();
        }

        ReadOnlyMemory<byte> input = List(arguments, InputWord, 1);
        ReadOnlyMemory<byte> words = List(arguments, CommitmentsWord, Bytes32.SizeBytes);
        bool isLast = WordAt(arguments.Span, IsLastWord) != default;
        var commitments = new Bytes32[words.Length / Bytes32.SizeBytes];
        for (int index = 0; index < commitments.Length; index++)
        {
            commitments[index] = WordAt(words.Span, index);
        }

        return new LeavesCall(
            WordAt(arguments.Span, 0), isLast ? KeccakSponge.Pad(input.Span) : input, commitments);
    }

    private static Bytes32 WordAt(ReadOnlySpan<byte> data, int index) =>
        new(data.Slice(index * Bytes32.SizeBytes, Bytes32.SizeBytes));

    // An argument of any length: its word tells where its count is, and behind that are its items.
    private static ReadOnlyMemory<byte> List(ReadOnlyMemory<byte> arguments, int word, int itemBytes)
    {
        long start = Small(WordAt(arguments.Span, word), arguments.Length) + Bytes32.SizeBytes;
        if (start > arguments.Length)
        {
            throw Malformed();
        }

        Bytes32 countWord = new(arguments.Span.Slice((int)start - Bytes32.SizeBytes, Bytes32.SizeBytes));
        long bytes = Small(countWord, arguments.Length) * itemBytes;
        return start + bytes <= arguments.Length
            ? arguments.Slice((int)start, (int)bytes)
            : throw Malformed();
    }

    private static long Small(Bytes32 word, int most)
    {
        ReadOnlySpan<byte> bytes = word.ToArray();
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(bytes[^sizeof(ulong)..]);
        return bytes[..^sizeof(ulong)].ContainsAnyExcept((byte)0) || low > (ulong)most
            ? throw Malformed()
            : (long)low;
    }

    private static ChainException Malformed() => new(
        ChainFailure.BadAnswer, "The node gave a log entry of the pre-image oracle that is none.");
}
