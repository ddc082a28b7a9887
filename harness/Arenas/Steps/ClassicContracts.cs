using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Steps;

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
            node,
            deployer,
            oracle,
            new PreimageOracle.Constructor
            {
                MinProposalSize = LargePreimageBytesMin,
                ChallengePeriod = LargePreimageChallengeSeconds,
            },
            cancellation)
            .ConfigureAwait(false);
        Address mipsAddress = await DeployAsync(
            node, deployer, mips, new MIPS.Constructor { Oracle = oracleAddress }, cancellation)
            .ConfigureAwait(false);
        return new StepContracts(mipsAddress, oracleAddress, OracleGeneration.Classic);
    }

    private static async Task<Address> DeployAsync(
        EthereumNode node,
        Address deployer,
        ContractArtifact artifact,
        object constructor,
        CancellationToken cancellation)
    {
        CallRequest creation = new()
        {
            From = deployer,
            Data = artifact.EncodeDeployment(constructor),
            GasLimit = StepArena.TransactionGasLimit,
        };
        TransactionReceipt receipt = await node.SendAsync(creation, cancellation).ConfigureAwait(false);
        return receipt.Succeeded && receipt.CreatedContract is { } address
            ? address
            : throw new ChainException(ChainFailure.Reverted, $"The deployment of {artifact.Name} reverted.");
    }
}
