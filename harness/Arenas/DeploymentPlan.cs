using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

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

    private readonly List<(string What, CallRequest Call)> _steps = [];
    private readonly Dictionary<string, ContractArtifact> _artifacts = [];

    /// <summary>Plans a contract of the package and tells where it will stand.</summary>
    /// <param name="name">The contract.</param>
    /// <param name="constructor">Its constructor's arguments, of the generated type; null for none.</param>
    public Contract Create(string name, object? constructor = null)
    {
        ContractArtifact artifact = Artifact(name);
        Address address = Address.OfCreated(deployer.Address, (ulong)_steps.Count);
        CallRequest creation =
            new() { From = deployer.Address, Data = artifact.EncodeDeployment(constructor) };
        _steps.Add(($"The deployment of {name}", creation));
        return new Contract(name, node, address);
    }

    /// <summary>Plans a call of a contract.</summary>
    public void Call(Contract contract, FunctionMessage call) => _steps.Add(
        ($"{contract.Name}.{ContractCodec.NameOf(call)}", contract.Request(deployer.Address, call)));

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
                (string what, CallRequest call) = _steps[index];
                CallOutcome outcome = await node.CallAsync(call, cancellation).ConfigureAwait(false);
                throw new RevertedException(what, RevertReason.Decode(outcome.Data), receipts[index]);
            }
        }
    }
}
