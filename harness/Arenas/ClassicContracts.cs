using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>The classic arena's contracts: MIPS 1.0.1 and PreimageOracle 1.0.0, deployed afresh.</summary>
internal static class ClassicContracts
{
    // Production's limits of large pre-image proposals; the arena makes none.
    private const int LargePreimageBytesMin = 126_000;
    private const int LargePreimageChallengeSeconds = 86_400;

    /// <summary>Deploys both from the compiled artifacts of the npm package.</summary>
    public static async Task<StepContracts> DeployAsync(
        EthereumNode node, NodePackages packages, Address deployer, CancellationToken cancellation)
    {
        ContractArtifact mips = ContractArtifact.Find(packages.ContractArtifacts, "MIPS");
        ContractArtifact oracle = ContractArtifact.Find(packages.ContractArtifacts, "PreimageOracle");
        Address oracleAddress = await DeployAsync(
            node, deployer, oracle, cancellation, LargePreimageBytesMin, LargePreimageChallengeSeconds)
            .ConfigureAwait(false);
        Address mipsAddress =
            await DeployAsync(node, deployer, mips, cancellation, oracleAddress).ConfigureAwait(false);
        return new StepContracts(mipsAddress, mips.Abi, oracleAddress, oracle.Abi);
    }

    private static async Task<Address> DeployAsync(
        EthereumNode node,
        Address deployer,
        ContractArtifact artifact,
        CancellationToken cancellation,
        params AbiValue[] arguments)
    {
        CallRequest creation = new()
        {
            From = deployer,
            Data = artifact.EncodeDeployment(arguments),
            GasLimit = StepArena.TransactionGasLimit,
        };
        TransactionReceipt receipt = await node.SendAsync(creation, cancellation).ConfigureAwait(false);
        return receipt.Succeeded && receipt.CreatedContract is { } address
            ? address
            : throw new ChainException(ChainFailure.Reverted, $"The deployment of {artifact.Name} reverted.");
    }
}
