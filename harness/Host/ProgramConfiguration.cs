using System.Text.Json;
using Culverin.Execute;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Primitives;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Host;

/// <summary>
/// A user's configuration of an L2, as it is written into the fault-proof program: the files without needless
/// spaces, of L1's genesis.json only the part that is read.
/// </summary>
public sealed class ProgramConfiguration
{
    // Real files have a few kilobytes; a genesis.json of an L1 also has all its accounts.
    private const long FileBytesMax = 1 << 28;

    private readonly byte[] _rollup;
    private readonly byte[] _l1;

    private ProgramConfiguration(ulong chainId, byte[] rollup, byte[] l1)
    {
        ChainId = chainId;
        _rollup = rollup;
        _l1 = l1;
    }

    /// <summary>The L2's chain id.</summary>
    public ulong ChainId { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="rollupPath">A rollup.json in op-node's form.</param>
    /// <param name="l1Path">
    /// A genesis.json of L1, or its part <c>config</c> alone; null where the program knows the L1.
    /// </param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, or <see cref="ErrorCode.InvalidArgument"/> for no such file.
    /// </exception>
    public static ProgramConfiguration Read(string rollupPath, string? l1Path)
    {
        byte[] rollup = ReadObject(rollupPath, root => root);
        byte[] l1 = l1Path is null
            ? []
            : ReadObject(
                l1Path, root => root.TryGetProperty("config", out JsonElement config) ? config : root);
        return new ProgramConfiguration(
            ReadChainId(rollupPath),
            rollup,
            l1Path is null ? [] : [.. "{\"config\":"u8, .. l1, (byte)'}']);
    }

    /// <summary>The chain id that a rollup.json names.</summary>
    /// <exception cref="CulverinException">As <see cref="Read"/>.</exception>
    public static ulong ReadChainId(string rollupPath)
    {
        using JsonDocument document = Open(rollupPath);
        return document.RootElement.TryGetProperty("l2_chain_id", out JsonElement id)
            && id.ValueKind == JsonValueKind.Number
            && id.TryGetUInt64(out ulong number)
                ? number
                : throw Malformed(rollupPath, "it names no l2_chain_id", null);
    }

    /// <summary>
    /// Makes a machine in the program's first state with this configuration in it, whatever that means.
    /// </summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.LimitExceeded"/>: it is too long.</exception>
    internal IEngineMachine Load(StateVersion version, MachineOptions options) =>
        FaultProofProgram.Load(version, options, _rollup, _l1);

    /// <summary>
    /// Lets the program read its configuration, up to where it asks for the first thing of the L2.
    /// </summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/> with what the program said: it cannot follow this L2.
    /// </exception>
    internal void Check(StateVersion version)
    {
        using FirstQuestion oracle = new(ChainId);
        FirstWords output = new();
        using IEngineMachine machine =
            Load(version, CheckedSource.Connect(oracle) with { Output = output });
        _ = machine.Run(new RunLimits());
        if (!oracle.IsAsked)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                JsonText.Printable($"The program cannot follow this L2. It says: {output.Text.Trim()}"));
        }
    }

    private static byte[] ReadObject(string path, Func<JsonElement, JsonElement> choose)
    {
        using JsonDocument document = Open(path);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            choose(document.RootElement).WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private static JsonDocument Open(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > FileBytesMax)
            {
                throw new CulverinException(
                    ErrorCode.LimitExceeded,
                    $"The configuration '{path}' has over {FileBytesMax >> 20} MiB.");
            }

            NamedPipe.Refuse(path);
            JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw Malformed(path, "it is no JSON object", null);
        }
        catch (JsonException error)
        {
            throw Malformed(path, $"it is no JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The configuration '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static CulverinException Malformed(string path, string why, Exception? cause)
    {
        string sentence = $"The file '{path}' is no configuration: {why.TrimEnd('.')}.";
        return cause is null
            ? new CulverinException(ErrorCode.InvalidArgument, sentence)
            : new CulverinException(ErrorCode.InvalidArgument, sentence, cause);
    }

    /// <summary>Has the game's values, and notes that the program asks for more.</summary>
    private sealed class FirstQuestion(ulong chainId) : IPreimageOracle
    {
        private readonly DisputedClaim _claim = new()
        {
            L1Head = default,
            AgreedOutputRoot = default,
            AgreedBlockHash = default,
            ClaimedOutputRoot = default,
            ClaimedBlockNumber = 1,
            ChainId = chainId,
        };

        internal bool IsAsked { get; private set; }

        // Nothing is right for anything else, and the program ends.
        public byte[] GetPreimage(ReadOnlySpan<byte> key) => _claim.FindLocal(key) ?? [];

        public void Hint(ReadOnlySpan<byte> payload) => IsAsked = true;

        public void Shutdown()
        {
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Keeps the start of what the program says.</summary>
    private sealed class FirstWords : IGuestOutput
    {
        private const int LengthMax = 1_000;

        internal string Text { get; private set; } = "";

        public void Write(int descriptor, ReadOnlySpan<byte> bytes)
        {
            int room = LengthMax - Text.Length;
            Text += System.Text.Encoding.UTF8.GetString(bytes[..int.Min(bytes.Length, room)]);
        }
    }
}
