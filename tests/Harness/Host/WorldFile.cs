using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// A scenario of harness/guest/testkit/scenarios, as harness/guest/testkit/worlds writes it: a made-up L1 and
/// L2, with an honest claim about the last block and junk.
/// </summary>
internal sealed class WorldFile
{
    private static readonly Bytes32 ClaimKey = LocalKey(3);

    private readonly Dictionary<Bytes32, byte[]> _preimages = [];

    private WorldFile(JsonElement root)
    {
        Name = root.GetProperty("name").GetString()!;
        Rollup = Encoding.UTF8.GetBytes(root.GetProperty("rollup").GetString()!);
        L1 = Encoding.UTF8.GetBytes(root.GetProperty("l1").GetString()!);
        Right = Bytes(root.GetProperty("right"));
        Wrong = Bytes(root.GetProperty("wrong"));
        foreach (JsonProperty each in root.GetProperty("preimages").EnumerateObject())
        {
            _preimages[new Bytes32(Convert.FromHexString(each.Name))] = Bytes(each.Value);
        }
    }

    /// <summary>The scenario's name.</summary>
    public string Name { get; }

    /// <summary>The configuration files' texts.</summary>
    public byte[] Rollup { get; }

    /// <inheritdoc cref="Rollup"/>
    public byte[] L1 { get; }

    /// <summary>The two claims.</summary>
    public byte[] Right { get; }

    /// <inheritdoc cref="Right"/>
    public byte[] Wrong { get; }

    /// <summary>The keys of all pre-images.</summary>
    public IEnumerable<Bytes32> Keys => _preimages.Keys;

    /// <summary>
    /// Writes all scenarios on a fork, or with "costs" those that measure, and reads them in their order.
    /// </summary>
    public static IReadOnlyList<WorldFile> WriteAll(string fork, params string[] kind)
    {
        using TemporaryFolder folder = new();
        ProcessStartInfo start = new(
            GoFactAttribute.Compiler!, ["run", "./testkit/worlds", fork, folder.Path, .. kind])
        {
            WorkingDirectory = Guest.Folder,
            RedirectStandardError = true,
        };
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["CGO_ENABLED"] = "0";
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }

        return [.. Directory.EnumerateFiles(folder.Path).Order().Select(Read)];
    }

    /// <summary>Serves a claim about the scenario; a changed pre-image instead of its own one.</summary>
    public IPreimageOracle Serve(byte[] claim, Bytes32? key = null, byte[]? value = null) =>
        new Oracle(this, claim, key, value);

    private static WorldFile Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new WorldFile(document.RootElement);
    }

    private static byte[] Bytes(JsonElement text) => Convert.FromHexString(text.GetString()!);

    private static Bytes32 LocalKey(byte index)
    {
        byte[] key = new byte[32];
        key[0] = 1;
        key[31] = index;
        return new Bytes32(key);
    }

    private sealed class Oracle(WorldFile world, byte[] claim, Bytes32? changed, byte[]? value)
        : IPreimageOracle
    {
        public byte[] GetPreimage(ReadOnlySpan<byte> key)
        {
            Bytes32 name = new(key);
            if (name == ClaimKey)
            {
                return claim;
            }

            return name == changed ? value! : world._preimages.GetValueOrDefault(name, []);
        }

        public void Hint(ReadOnlySpan<byte> payload)
        {
        }

        public void Shutdown()
        {
        }

        public void Dispose()
        {
        }
    }
}
