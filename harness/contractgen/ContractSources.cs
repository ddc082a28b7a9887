using System.Text.Json;

namespace Culverin.Harness.ContractGenerator;

/// <summary>
/// The contracts in use, where their ABIs are, and the C# that follows from them. The ABIs come from the
/// npm package of the contracts; for contracts that no package describes from harness/contracts/abi.
/// </summary>
public static class ContractSources
{
    // The production compiler; where a package holds several builds of a contract, this one is deployed.
    private const string PreferredCompiler = "0.8.15";

    private static readonly string[] Packaged =
    [
        "AddressManager", "AlphabetVM", "AnchorStateRegistry", "BaseFeeVault", "DelayedWETH",
        "DeputyGuardianModule", "DisputeGameFactory", "FaultDisputeGame", "GnosisSafe",
        "GnosisSafeProxyFactory", "L1Block", "L1ChugSplashProxy", "L1CrossDomainMessenger",
        "L1ERC721Bridge", "L1FeeVault", "L1StandardBridge", "L2CrossDomainMessenger", "L2ERC721Bridge",
        "L2StandardBridge", "L2ToL1MessagePasser", "MIPS", "OptimismMintableERC20Factory",
        "OptimismMintableERC721Factory", "OptimismPortal2", "PermissionedDisputeGame", "PreimageOracle",
        "ProtocolVersions", "Proxy", "ProxyAdmin", "ResolvedDelegateProxy", "SequencerFeeVault",
        "SuperchainConfig", "SystemConfig", "TestERC20",
    ];

    /// <summary>File name and text of each generated file.</summary>
    /// <param name="contracts">The folder harness/contracts, with its npm packages installed.</param>
    public static IReadOnlyDictionary<string, string> Generate(string contracts)
    {
        string artifacts = Path.Combine(
            contracts, "node_modules", "@eth-optimism", "contracts-bedrock", "forge-artifacts");
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string name in Packaged)
        {
            using JsonDocument json = JsonDocument.Parse(
                File.ReadAllBytes(Find(artifacts, name)), new JsonDocumentOptions { MaxDepth = 256 });
            Add(name, json.RootElement.GetProperty("abi"));
        }

        foreach (string path in Directory.GetFiles(Path.Combine(contracts, "abi"), "*.json"))
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            Add(Path.GetFileNameWithoutExtension(path), json.RootElement);
        }

        return files;

        void Add(string name, JsonElement abi) =>
            files.Add($"{name}.g.cs", ContractWriter.Write(name, AbiEntry.ReadAll(abi)));
    }

    private static string Find(string folder, string name)
    {
        string[] fileNames = [$"{name}.{PreferredCompiler}.json", $"{name}.json"];
        return fileNames.Select(file => Path.Combine(folder, $"{name}.sol", file)).FirstOrDefault(File.Exists)
            ?? fileNames
                .SelectMany(file => Directory.GetFiles(folder, file, SearchOption.AllDirectories).Order())
                .FirstOrDefault()
            ?? throw new FileNotFoundException($"No artifact of {name} is below {folder}: run npm ci first.");
    }
}
