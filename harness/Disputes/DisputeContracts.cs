using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>The contracts on L1 that take part in disputes.</summary>
public sealed record DisputeContracts
{
    /// <summary>Makes the games.</summary>
    public required Contract Factory { get; init; }

    /// <summary>Any game; <see cref="Contract.At"/> gives a certain one.</summary>
    public required Contract Game { get; init; }

    /// <summary>Holds bonds; each game names its own.</summary>
    public required Contract Weth { get; init; }

    /// <summary>Keeps pre-images; each game's machine names its own.</summary>
    public required Contract Oracle { get; init; }

    /// <summary>Executes steps; each game names its own.</summary>
    public required Contract Machine { get; init; }

    /// <summary>Those of an arena.</summary>
    public static DisputeContracts Of(IArena arena) => new()
    {
        Factory = arena.Contracts.Factory,
        Game = arena.Contracts.FaultGame,
        Weth = arena.Contracts.Weth,
        Oracle = arena.Contracts.Oracle,
        Machine = arena.Contracts.Machine,
    };

    /// <summary>
    /// Those of a chain whose factory is known. Throws <see cref="ChainException"/> when the contracts'
    /// package is missing.
    /// </summary>
    public static DisputeContracts Load(NodePackages packages, EthereumNode l1, Address factory) => new()
    {
        Factory = Load(packages, l1, "DisputeGameFactory", factory),
        Game = Load(packages, l1, "FaultDisputeGame", default),
        Weth = Load(packages, l1, "DelayedWETH", default),
        Oracle = Load(packages, l1, "PreimageOracle", default),
        Machine = Load(packages, l1, "MIPS", default),
    };

    /// <summary>The same contracts, asked at another node of the same chain.</summary>
    public DisputeContracts On(EthereumNode node) => new()
    {
        Factory = Factory with { Node = node },
        Game = Game with { Node = node },
        Weth = Weth with { Node = node },
        Oracle = Oracle with { Node = node },
        Machine = Machine with { Node = node },
    };

    private static Contract Load(NodePackages packages, EthereumNode node, string name, Address address) =>
        new(name, node, address, ContractArtifact.Find(packages.ContractArtifacts, name).Abi);
}
