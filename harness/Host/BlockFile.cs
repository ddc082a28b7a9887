using System.Buffers.Binary;
using System.Text.Json;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host;

/// <summary>
/// A block to execute, with everything that this needs, as one JSON file: <c>parent_header</c> as nodes give
/// it, <c>executing_payload</c> (payload attributes of the Engine API), <c>rollup_config</c>,
/// <c>expected_block_hash</c> and <c>preimages</c>. It becomes the pre-images of the block program
/// (harness/guest/blockclaim).
/// </summary>
internal sealed class BlockFile
{
    private const int ParentKey = 1;
    private const int AttributesKey = 2;
    private const int ClaimKey = 3;
    private const int ChainKey = 5;
    private const long FileBytesMax = 1L << 30;

    private readonly Dictionary<Bytes32, byte[]> _preimages = [];

    private BlockFile(JsonElement root)
    {
        JsonObject file = new(root, "block file");
        foreach (ReadOnlyMemory<byte> each in file.BytesList("preimages"))
        {
            _ = Add(each.ToArray());
        }

        JsonObject configuration = new(file.Get("rollup_config"), "rollup configuration");
        JsonObject payload = new(file.Get("executing_payload"), "payload");
        JsonElement parentForm = file.Get("parent_header");
        BlockHeader parent = BlockHeader.ReadUnnamed(parentForm);
        RequireForkFields(configuration, new JsonObject(parentForm, "parent header"), payload);
        Number = parent.Number + 1;
        ExpectedHash = file.Word("expected_block_hash");
        AddLocal(ParentKey, Add(parent.Encode()).ToArray());
        AddLocal(AttributesKey, Add(EncodeAttributes(payload)).ToArray());
        AddLocal(ClaimKey, ExpectedHash.ToArray());
        byte[] chain = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(chain, configuration.Get("l2_chain_id").GetUInt64());
        AddLocal(ChainKey, chain);
    }

    /// <summary>The block's number.</summary>
    public ulong Number { get; }

    /// <summary>The hash that the block has.</summary>
    public Bytes32 ExpectedHash { get; }

    /// <summary>The program's pre-images by their keys.</summary>
    public IReadOnlyDictionary<Bytes32, byte[]> Preimages => _preimages;

    /// <summary>
    /// Reads a file; throws <see cref="CulverinException"/> when it cannot be read or is none.
    /// </summary>
    public static BlockFile Read(string path)
    {
        try
        {
            FileInfo info = new(path);
            if (info.Exists && info.Length > FileBytesMax)
            {
                throw new CulverinException(
                    ErrorCode.LimitExceeded, $"The block file '{path}' has over {FileBytesMax >> 20} MiB.");
            }

            using FileStream content = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(content);
            return new BlockFile(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or ChainException or FormatException
            or InvalidOperationException)
        {
            throw new CulverinException(
                ErrorCode.InvalidState, $"The block file '{path}' is malformed: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The block file '{path}' cannot be read: {error.Message}", error);
        }
    }

    // What a fork's blocks have is never taken for nothing: a block without it would be another block, and
    // the program would call the right hash wrong. As harness/guest/blockfile has it.
    private static void RequireForkFields(JsonObject configuration, JsonObject parent, JsonObject payload)
    {
        ulong time = payload.Quantity("timestamp");
        Require(parent, "requestsHash", "parent_header", "isthmus", parent.Quantity("timestamp"));
        Require(payload, "eip1559Params", "executing_payload", "holocene", time);
        Require(payload, "minBaseFee", "executing_payload", "jovian", time);

        void Require(JsonObject of, string name, string place, string fork, ulong at)
        {
            bool isActive = configuration.Has(fork + "_time")
                && configuration.Get(fork + "_time").GetUInt64() <= at;
            if (isActive && !of.Has(name))
            {
                throw new ChainException(
                    ChainFailure.Encoding, $"{place}.{name} is missing: blocks have it since {fork}");
            }
        }
    }

    /// <summary>
    /// The attributes as the program reads them (block.DecodeAttributes): what only some forks have stands in
    /// a list of none or one item.
    /// </summary>
    private static byte[] EncodeAttributes(JsonObject payload) => RlpItem.List(
        payload.Quantity("timestamp"),
        payload.Word("prevRandao"),
        payload.Address("suggestedFeeRecipient"),
        payload.Word("parentBeaconBlockRoot"),
        payload.Quantity("gasLimit"),
        payload.Has("eip1559Params") ? RlpItem.List(payload.Bytes("eip1559Params")) : RlpItem.List(),
        payload.Has("minBaseFee") ? RlpItem.List(payload.Quantity("minBaseFee")) : RlpItem.List(),
        RlpItem.List(payload.BytesList("transactions").Select(RlpItem.FromBytes))).Encode();

    private Bytes32 Add(byte[] preimage)
    {
        Bytes32 hash = Bytes32.Keccak256(preimage);
        byte[] key = hash.ToArray();
        key[0] = (byte)PreimageKeyType.Keccak256;
        _preimages[new Bytes32(key)] = preimage;
        return hash;
    }

    private void AddLocal(byte index, byte[] value)
    {
        byte[] key = new byte[Bytes32.SizeBytes];
        key[0] = (byte)PreimageKeyType.Local;
        key[^1] = index;
        _preimages[new Bytes32(key)] = value;
    }
}
