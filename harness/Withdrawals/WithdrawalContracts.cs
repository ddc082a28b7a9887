using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Withdrawals;

/// <summary>The contracts on both chains that take part in a withdrawal.</summary>
public sealed record WithdrawalContracts
{
    private static readonly Address MessengerAddress =
        Address.Parse("0x4200000000000000000000000000000000000007");

    private static readonly Address BridgeAddress =
        Address.Parse("0x4200000000000000000000000000000000000010");

    /// <summary>Proves and pays withdrawals on L1: OptimismPortal2 of the classic contracts.</summary>
    public required Contract Portal { get; init; }

    /// <summary>Makes the games on L1.</summary>
    public required Contract Factory { get; init; }

    /// <summary>Any game; <see cref="Contract.At"/> gives a certain one.</summary>
    public required Contract Game { get; init; }

    /// <summary>Keeps the hashes of withdrawals on L2.</summary>
    public required Contract MessagePasser { get; init; }

    /// <summary>Passes the bridge's messages on L2.</summary>
    public required Contract Messenger { get; init; }

    /// <summary>Bridges ether and ERC-20 tokens on L2.</summary>
    public required Contract Bridge { get; init; }

    /// <summary>Those of an arena.</summary>
    public static WithdrawalContracts Of(IArena arena) => new()
    {
        Portal = arena.Contracts.Portal,
        Factory = arena.Contracts.Factory,
        Game = arena.Contracts.FaultGame,
        MessagePasser = arena.Predeploys.MessagePasser,
        Messenger = arena.Predeploys.Messenger,
        Bridge = arena.Predeploys.Bridge,
    };

    /// <summary>
    /// Those of a chain whose portal is known; the portal names the factory. Throws <see
    /// cref="ChainException"/> when there is no such portal.
    /// </summary>
    public static async Task<WithdrawalContracts> ConnectAsync(
        NodePackages packages,
        EthereumNode l1,
        EthereumNode l2,
        Address portal,
        CancellationToken cancellation = default)
    {
        Contract entry = Load(packages, l1, "OptimismPortal2", portal);
        AbiValue factory = await entry
            .ReadAsync("disputeGameFactory", cancellation: cancellation)
            .ConfigureAwait(false);
        return new WithdrawalContracts
        {
            Portal = entry,
            Factory = Load(packages, l1, "DisputeGameFactory", factory.AsAddress()),
            Game = Load(packages, l1, "FaultDisputeGame", default),
            MessagePasser = Load(packages, l2, "L2ToL1MessagePasser", OutputRoot.MessagePasser),
            Messenger = Load(packages, l2, "L2CrossDomainMessenger", MessengerAddress),
            Bridge = Load(packages, l2, "L2StandardBridge", BridgeAddress),
        };
    }

    private static Contract Load(NodePackages packages, EthereumNode node, string name, Address address) =>
        new(name, node, address, ContractArtifact.Find(packages.ContractArtifacts, name).Abi);
}
