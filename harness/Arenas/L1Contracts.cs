using Culverin.Harness.Rpc;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The contracts on L1 that withdrawals and disputes need, in every arena. Addresses are the proxies'.
/// </summary>
public sealed record L1Contracts
{
    /// <summary>Upgrades the proxies.</summary>
    public required Contract ProxyAdmin { get; init; }

    /// <summary>Whether the system is paused, and who may pause it.</summary>
    public required Contract SuperchainConfig { get; init; }

    /// <summary>The chain's batcher, gas limit and addresses.</summary>
    public required Contract SystemConfig { get; init; }

    /// <summary>Takes deposits and pays withdrawals.</summary>
    public required Contract Portal { get; init; }

    /// <summary>Passes messages to L2 and relays those from there.</summary>
    public required Contract Messenger { get; init; }

    /// <summary>Bridges ether and ERC-20 tokens.</summary>
    public required Contract Bridge { get; init; }

    /// <summary>Bridges ERC-721 tokens.</summary>
    public required Contract Erc721Bridge { get; init; }

    /// <summary>Makes ERC-20 tokens for the bridge.</summary>
    public required Contract TokenFactory { get; init; }

    /// <summary>Makes games.</summary>
    public required Contract Factory { get; init; }

    /// <summary>The newest output root that is settled, of each game type.</summary>
    public required Contract AnchorRegistry { get; init; }

    /// <summary>Holds the bonds of games of type 0.</summary>
    public required Contract Weth { get; init; }

    /// <summary>Holds the bonds of games of type 1.</summary>
    public required Contract PermissionedWeth { get; init; }

    /// <summary>
    /// The implementation of games of type 0; <see cref="Contract.At"/> gives a game of that type.
    /// </summary>
    public required Contract FaultGame { get; init; }

    /// <summary>The implementation of games of type 1.</summary>
    public required Contract PermissionedGame { get; init; }

    /// <summary>The pre-image oracle.</summary>
    public required Contract Oracle { get; init; }

    /// <summary>The machine that executes steps.</summary>
    public required Contract Machine { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Contract> All =>
    [
        ProxyAdmin, SuperchainConfig, SystemConfig, Portal, Messenger, Bridge, Erc721Bridge, TokenFactory,
        Factory, AnchorRegistry, Weth, PermissionedWeth, FaultGame, PermissionedGame, Oracle, Machine,
    ];
}
