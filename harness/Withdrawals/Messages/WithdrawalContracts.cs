using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>The contracts on both chains that take part in a withdrawal.</summary>
public sealed record WithdrawalContracts
{
    private static readonly Address MessengerAddress =
        Address.Parse("0x4200000000000000000000000000000000000007");

    private static readonly Address BridgeAddress =
        Address.Parse("0x4200000000000000000000000000000000000010");

    /// <summary>
    /// Proves and pays withdrawals on L1: OptimismPortal2 of version 3 or later. It names its version, by
    /// which it is asked.
    /// </summary>
    public required Contract Portal { get; init; }

    /// <summary>Passes the bridge's messages on L1.</summary>
    public required Contract L1Messenger { get; init; }

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

    /// <summary>
    /// The anchor registry of portals from version 4 on, which name it; <see cref="Contract.At"/> gives it
    /// its address.
    /// </summary>
    internal Contract Registry => new("AnchorStateRegistry", Portal.Node, default);

    /// <summary>Those of an arena.</summary>
    public static WithdrawalContracts Of(IArena arena) => new()
    {
        Portal = arena.Contracts.Portal,
        L1Messenger = arena.Contracts.Messenger,
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
        EthereumNode l1,
        EthereumNode l2,
        Address portal,
        CancellationToken cancellation = default)
    {
        Contract entry = new("OptimismPortal2", l1, portal);
        OptimismPortal2.DisputeGameFactoryResult factory = await entry
            .ReadAsync(new OptimismPortal2.DisputeGameFactoryFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        return new WithdrawalContracts
        {
            Portal = entry,
            L1Messenger = new Contract("L1CrossDomainMessenger", l1, default),
            Factory = new Contract("DisputeGameFactory", l1, factory.Value),
            Game = new Contract("FaultDisputeGame", l1, default),
            MessagePasser = new Contract("L2ToL1MessagePasser", l2, OutputRoot.MessagePasser),
            Messenger = new Contract("L2CrossDomainMessenger", l2, MessengerAddress),
            Bridge = new Contract("L2StandardBridge", l2, BridgeAddress),
        };
    }
}
