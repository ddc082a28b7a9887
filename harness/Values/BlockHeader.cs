using System.Numerics;
using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>
/// A block's header. It keeps every field of the encoding, so that <see cref="Hash"/> is always the hash of
/// <see cref="Encode"/> and never merely what a node said. Instances do not change.
/// </summary>
public sealed class BlockHeader
{
    private const int LegacyFieldCount = 15;

    // In the order of the encoding; a quantity is written as a number, anything else as its bytes. Each
    // field from baseFeePerGas on was added by a later upgrade: a header ends before the first it lacks.
    private static readonly (string Name, bool IsQuantity)[] Fields =
    [
        ("parentHash", false), ("sha3Uncles", false), ("miner", false), ("stateRoot", false),
        ("transactionsRoot", false), ("receiptsRoot", false), ("logsBloom", false), ("difficulty", true),
        ("number", true), ("gasLimit", true), ("gasUsed", true), ("timestamp", true), ("extraData", false),
        ("mixHash", false), ("nonce", false), ("baseFeePerGas", true), ("withdrawalsRoot", false),
        ("blobGasUsed", true), ("excessBlobGas", true), ("parentBeaconBlockRoot", false),
        ("requestsHash", false),
    ];

    private readonly RlpItem _list;

    private BlockHeader(RlpItem list)
    {
        int count = list.Parts.Length;
        if (count < LegacyFieldCount || count > Fields.Length)
        {
            throw new ChainException(
                ChainFailure.Encoding, $"A block header has no {count} fields in any known upgrade.");
        }

        _list = list;
        ParentHash = Word("parentHash");
        StateRoot = Word("stateRoot");
        TransactionsRoot = Word("transactionsRoot");
        ReceiptsRoot = Word("receiptsRoot");
        MixHash = Word("mixHash");
        Number = Part("number")!.AsUInt64();
        GasLimit = Part("gasLimit")!.AsUInt64();
        GasUsed = Part("gasUsed")!.AsUInt64();
        Timestamp = Part("timestamp")!.AsUInt64();
        BaseFeePerGas = Part("baseFeePerGas")?.AsUInt256() ?? BigInteger.Zero;
        Hash = Bytes32.Keccak256(list.Encode());
    }

    /// <summary>The Keccak-256 of the encoding.</summary>
    public Bytes32 Hash { get; }

    /// <summary>The hash of the block before.</summary>
    public Bytes32 ParentHash { get; }

    /// <summary>The root of the state trie after the block.</summary>
    public Bytes32 StateRoot { get; }

    /// <summary>The root of the trie of the block's transactions.</summary>
    public Bytes32 TransactionsRoot { get; }

    /// <summary>The root of the trie of the block's receipts.</summary>
    public Bytes32 ReceiptsRoot { get; }

    /// <summary>The random value that the block saw (since the merge).</summary>
    public Bytes32 MixHash { get; }

    /// <summary>The block's number.</summary>
    public ulong Number { get; }

    /// <summary>Most gas that the block may use.</summary>
    public ulong GasLimit { get; }

    /// <summary>Gas that the block used.</summary>
    public ulong GasUsed { get; }

    /// <summary>Seconds since 1970.</summary>
    public ulong Timestamp { get; }

    /// <summary>Wei that each unit of gas cost at least; zero before EIP-1559.</summary>
    public BigInteger BaseFeePerGas { get; }

    /// <summary>
    /// Reads an encoded header; throws <see cref="ChainException"/> when it is malformed or not canonical.
    /// </summary>
    public static BlockHeader Decode(ReadOnlyMemory<byte> encoded) => new(RlpItem.Decode(encoded));

    /// <summary>The RLP encoding, which contracts and tries know the block by.</summary>
    public byte[] Encode() => _list.Encode();

    /// <summary>
    /// Reads the header in the answer of eth_getBlockBy…; throws <see cref="ChainException"/> when it is
    /// malformed, or does not hash to the hash that the node gives for it.
    /// </summary>
    internal static BlockHeader Read(JsonElement element)
    {
        BlockHeader header = ReadUnnamed(element);
        Bytes32 stated = new JsonObject(element, "block header").Word("hash");
        return header.Hash == stated
            ? header
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The node gave a header under the hash {stated}, and its hash is {header.Hash}.");
    }

    /// <summary>The same of a header that comes without its hash.</summary>
    internal static BlockHeader ReadUnnamed(JsonElement element)
    {
        JsonObject block = new(element, "block header");
        List<RlpItem> parts = [];
        foreach ((string name, bool isQuantity) in Fields)
        {
            if (parts.Count >= LegacyFieldCount && !block.Has(name))
            {
                break;
            }

            parts.Add(isQuantity ? Hex.ReadLargeQuantity(block.Get(name)) : block.Bytes(name));
        }

        return new BlockHeader(RlpItem.List(parts));
    }

    private RlpItem? Part(string name)
    {
        int index = Array.FindIndex(Fields, field => field.Name == name);
        return index < _list.Parts.Length ? _list.Parts[index] : null;
    }

    private Bytes32 Word(string name) => Part(name)!.AsBytes32();
}
