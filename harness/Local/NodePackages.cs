using System.Runtime.InteropServices;
using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// The npm packages that <c>npm ci</c> puts below harness/contracts: the local node, its companion tools
/// and the compiled contracts. The tools' real executables are used, not their JavaScript wrappers.
/// </summary>
public sealed class NodePackages
{
    /// <summary>
    /// The environment variable that names the folder, for programs that run outside the repository.
    /// </summary>
    public const string FolderVariable = "CULVERIN_NODE_PACKAGES";

    private const string FolderName = "node_modules";

    private readonly string _folder;

    /// <summary>Uses the packages of this node_modules folder.</summary>
    public NodePackages(string folder)
    {
        _folder = Path.GetFullPath(folder);
    }

    /// <summary>The node_modules folder itself.</summary>
    public string Folder => _folder;

    /// <summary>The folder of the production contracts' artifacts.</summary>
    public string ContractArtifacts => Existing(
        Path.Combine(_folder, "@eth-optimism", "contracts-bedrock", "forge-artifacts"), Directory.Exists);

    /// <summary>
    /// The program that knows a whole deployment of the OP Stack. Throws <see cref="ChainException"/> where
    /// its package has none for this system.
    /// </summary>
    public string Supersim
    {
        get
        {
            string path = Existing(Path.Combine(_folder, "supersim", "bin", "supersim"), File.Exists);
            return OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
                ? path
                : throw new ChainException(
                    ChainFailure.NodeStart, "The supersim package has a program for Linux on x64 only.");
        }
    }

    /// <summary>
    /// The script that makes commitments and proofs of blobs by one of the packages, which lies beside them;
    /// null where it is not there.
    /// </summary>
    public string? KzgScript
    {
        get
        {
            string path = Path.GetFullPath(Path.Combine(_folder, "..", "kzg.cjs"));
            return File.Exists(path) ? path : null;
        }
    }

    /// <summary>
    /// A folder for files derived from the packages. It lies among them, so that it is no part of the
    /// repository, and goes when the packages are installed anew.
    /// </summary>
    public string CacheFolder => Path.Combine(_folder, ".cache", "culverin");

    /// <summary>
    /// Finds the folder: the one that <see cref="FolderVariable"/> names, else
    /// harness/contracts/node_modules in the current folder, the program's folder, or one above them.
    /// Throws <see cref="ChainException"/> when there is none.
    /// </summary>
    public static NodePackages Locate()
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return new NodePackages(Existing(named, Directory.Exists));
        }

        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, "harness", "contracts", FolderName);
                if (Directory.Exists(candidate))
                {
                    return new NodePackages(candidate);
                }
            }
        }

        throw new ChainException(
            ChainFailure.NodeStart,
            $"The npm packages were not found: run `npm ci` in harness/contracts, or set {FolderVariable}.");
    }

    /// <summary>
    /// The executable of a tool ("anvil", "cast"): the package's for this system, else one of that name on
    /// PATH. Throws <see cref="ChainException"/> when there is neither.
    /// </summary>
    public string Executable(string tool)
    {
        string system = OperatingSystem.IsWindows() ? "win32"
            : OperatingSystem.IsMacOS() ? "darwin"
            : "linux";
        string processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        string package = $"{tool}-{system}-{processor}";
        string fileName = OperatingSystem.IsWindows() ? tool + ".exe" : tool;
        string packaged = Path.Combine(_folder, "@foundry-rs", package, "bin", fileName);
        if (File.Exists(packaged))
        {
            return packaged;
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, fileName))
            .FirstOrDefault(File.Exists)
            ?? Existing(packaged, File.Exists);
    }

    /// <summary>
    /// The version in a package's package.json. Throws <see cref="ChainException"/> when it cannot be read.
    /// </summary>
    public string VersionOf(string package)
    {
        string path = Existing(Path.Combine(_folder, package, "package.json"), File.Exists);
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("version", out JsonElement version)
                    ? JsonText.Read(version)
                    : throw new ChainException(ChainFailure.Artifact, $"{path} names no version.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ChainException(ChainFailure.Artifact, $"{path} cannot be read.", error);
        }
    }

    private static string Existing(string path, Func<string, bool> exists) =>
        exists(path)
            ? path
            : throw new ChainException(
                ChainFailure.NodeStart, $"{path} does not exist: run `npm ci` in harness/contracts.");
}
