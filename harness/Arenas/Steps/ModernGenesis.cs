using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>
/// The first block of a chain with a whole OP Stack deployment of July 2025: code and storage of its
/// contracts, in the genesis file that the supersim package makes for its L1. Made at first use and kept
/// among the npm packages.
/// </summary>
/// <remarks>
/// Supersim writes the file, and then starts a local node with it that it finds on PATH. There it finds a
/// script instead, which tells the real node's version, keeps the file of the L1 and fails, and so ends
/// supersim. Nothing so listens on any port or asks the network, and the chain is the same that supersim
/// would run: it sends no transaction to its L1.
/// </remarks>
internal sealed class ModernGenesis
{
    /// <summary>The chain's id in the file.</summary>
    public const ulong ChainId = 900;

    private const string Package = "supersim";
    private const string FileName = "l1-genesis.json";
    private const long FileBytesMax = 64 << 20;

    // The folder with the script comes first on PATH. The script is written by a shell of its own: a file
    // that another process might still hold open for writing cannot be executed.
    private const string Extraction = """
        mkdir "$TMPDIR/bin" && cd "$TMPDIR" &&
        printf '%s' "$CULVERIN_NODE_SCRIPT" >bin/anvil && chmod 700 bin/anvil || exit
        export PATH="$TMPDIR/bin:$PATH"
        exec "$CULVERIN_SUPERSIM" --l1.port 0 --l2.starting.port 0 --admin.port 0 --l2.count 1
        """;

    private const string NodeScript = """
        #!/bin/sh
        chain= genesis=
        while [ $# -gt 0 ]; do
            case "$1" in
                --version) exec "$CULVERIN_ANVIL" --version ;;
                --chain-id) chain=$2 ;;
                --init) genesis=$2 ;;
            esac
            shift
        done
        [ "$chain" = "$CULVERIN_CHAIN" ] && cp "$genesis" "$TMPDIR/partial" &&
            mv "$TMPDIR/partial" "$TMPDIR/$CULVERIN_FILE"
        exit 1
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private ModernGenesis(string path, IReadOnlyList<Address> contracts)
    {
        Path = path;
        Contracts = contracts;
    }

    /// <summary>The genesis file.</summary>
    public string Path { get; }

    /// <summary>The addresses of all accounts with code.</summary>
    public IReadOnlyList<Address> Contracts { get; }

    /// <summary>
    /// Finds the file, or makes it. Several processes may do so at the same time. Throws <see
    /// cref="ChainException"/> when the package is missing or does not make such a file.
    /// </summary>
    public static async Task<ModernGenesis> GetAsync(NodePackages packages, CancellationToken cancellation)
    {
        string name = $"{Package}-{packages.VersionOf(Package)}-{FileName}";
        string path = System.IO.Path.Combine(packages.CacheFolder, name);
        try
        {
            if (!File.Exists(path))
            {
                await MakeAsync(packages, path, cancellation).ConfigureAwait(false);
            }

            return new ModernGenesis(path, ReadContracts(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ChainException(
                ChainFailure.Artifact, $"The genesis file {path} cannot be made or read.", error);
        }
    }

    private static async Task MakeAsync(NodePackages packages, string path, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-genesis-");
        try
        {
            Dictionary<string, string> environment = new()
            {
                ["TMPDIR"] = folder.FullName,
                ["HOME"] = folder.FullName,
                ["CULVERIN_SUPERSIM"] = packages.Supersim,
                ["CULVERIN_ANVIL"] = packages.Executable("anvil"),
                ["CULVERIN_CHAIN"] = $"{ChainId}",
                ["CULVERIN_FILE"] = FileName,
                ["CULVERIN_NODE_SCRIPT"] = NodeScript,
            };
            string output = await SupervisedCommand
                .RunAsync(Extraction, environment, Deadline, cancellation)
                .ConfigureAwait(false);
            string made = System.IO.Path.Combine(folder.FullName, FileName);
            if (!File.Exists(made))
            {
                throw new ChainException(
                    ChainFailure.NodeStart,
                    $"The supersim package made no genesis file. It said: {JsonText.Printable(output)}");
            }

            _ = Directory.CreateDirectory(packages.CacheFolder);
            string partial = $"{path}.{Guid.NewGuid():N}";
            File.Copy(made, partial);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<Address> ReadContracts(string path)
    {
        if (new FileInfo(path).Length > FileBytesMax)
        {
            throw Malformed(path);
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement accounts = json.RootElement.GetProperty("alloc");
            return
            [
                .. accounts.EnumerateObject()
                    .Where(account => account.Value.TryGetProperty("code", out _))
                    .Select(account => Address.Parse(WithPrefix(account.Name))),
            ];
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Malformed(path, error);
        }
    }

    private static string WithPrefix(string digits) =>
        digits.StartsWith("0x", StringComparison.Ordinal) ? digits : "0x" + digits;

    private static ChainException Malformed(string path, Exception? cause = null)
    {
        string message = $"{path} is no genesis file; it is made anew when it is deleted.";
        return cause is null
            ? new ChainException(ChainFailure.Artifact, message)
            : new ChainException(ChainFailure.Artifact, message, cause);
    }
}
