using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>A block: its header, checked against its hash, and the hashes of its transactions.</summary>
public sealed record Block(BlockHeader Header, IReadOnlyList<Bytes32> TransactionHashes)
{
    /// <summary>The block's hash.</summary>
    public Bytes32 Hash => Header.Hash;

    /// <summary>The block's number.</summary>
    public ulong Number => Header.Number;

    /// <summary>Seconds since 1970.</summary>
    public ulong Timestamp => Header.Timestamp;

    /// <summary>Reads a block without full transactions; throws <see cref="ChainException"/>.</summary>
    internal static Block Read(JsonElement element)
    {
        JsonObject block = new(element, "block");
        return new Block(
            BlockHeader.Read(element),
            [.. block.List("transactions").Select(hash => new Bytes32(Hex.Read(hash)))]);
    }
}
