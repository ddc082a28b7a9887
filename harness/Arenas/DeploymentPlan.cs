using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>
/// Transactions of one fresh account that make contracts and set them up. Where a contract will stand
/// follows from the account and the transaction's number, so all are planned first and sent together.
/// </summary>
internal sealed class DeploymentPlan(
    EthereumNode node, NodePackages packages, PrivateKey deployer, ulong chainId)
{
    // Far above any block's base fee on a chain that has just begun: 100 gwei.
    private static readonly BigInteger MaxFee = 100_000_000_000;

    private readonly List<(string What, CallRequest Call, ContractAbi Abi)> _steps = [];
    private readonly Dictionary<string, ContractArtifact> _artifacts = [];

    /// <summary>Plans a contract of the package and tells where it will stand.</summary>
    public Contract Create(string name, params AbiValue[] arguments)
    {
        ContractArtifact artifact = Artifact(name);
        Address address = Address.OfCreated(deployer.Address, (ulong)_steps.Count);
        CallRequest creation =
            new() { From = deployer.Address, Data = artifact.EncodeDeployment(arguments) };
        _steps.Add(($"The deployment of {name}", creation, artifact.Abi));
        return new Contract(name, node, address, artifact.Abi);
    }

    /// <summary>Plans a call of a contract.</summary>
    public void Call(Contract contract, string function, params AbiValue[] arguments) =>
        _steps.Add((
            $"{contract.Name}.{function}",
            contract.Request(deployer.Address, function, arguments),
            contract.Abi));

    /// <summary>The compiled contract of this name.</summary>
    public ContractArtifact Artifact(string name)
    {
        if (!_artifacts.TryGetValue(name, out ContractArtifact? artifact))
        {
            artifact = ContractArtifact.Find(packages.ContractArtifacts, name);
            _artifacts.Add(name, artifact);
        }

        return artifact;
    }

    /// <summary>
    /// Sends all of it into one block. Throws <see cref="RevertedException"/> that names the first step
    /// that failed.
    /// </summary>
    public async Task ExecuteAsync(Anvil anvil, CancellationToken cancellation)
    {
        SignedTransaction[] transactions =
        [
            .. _steps.Select((step, index) => new FeeMarketTransaction
            {
                ChainId = chainId,
                Nonce = (ulong)index,
                To = step.Call.To,
                Data = step.Call.Data,
                GasLimit = StepArena.TransactionGasLimit,
                MaxFeePerGas = MaxFee,
                MaxPriorityFeePerGas = 1,
            }.Sign(deployer)),
        ];
        IReadOnlyList<TransactionReceipt> receipts =
            await anvil.SendInOneBlockAsync(transactions, cancellation).ConfigureAwait(false);
        for (int index = 0; index < receipts.Count; index++)
        {
            if (!receipts[index].Succeeded)
            {
                (string what, CallRequest call, ContractAbi abi) = _steps[index];
                CallOutcome outcome = await node.CallAsync(call, cancellation).ConfigureAwait(false);
                throw new RevertedException(what, RevertReason.Decode(outcome.Data, abi), receipts[index]);
            }
        }
    }
}
