using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

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

    /// <summary>Those of a chain whose factory is known.</summary>
    public static DisputeContracts At(EthereumNode l1, Address factory) => new()
    {
        Factory = new Contract(nameof(DisputeGameFactory), l1, factory),
        Game = new Contract(nameof(FaultDisputeGame), l1, default),
        Weth = new Contract(nameof(DelayedWETH), l1, default),
        Oracle = new Contract(nameof(PreimageOracle), l1, default),
        Machine = new Contract(nameof(MIPS), l1, default),
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

    /// <summary>
    /// The oracle of a game's machine, at the game's node. Throws <see cref="ChainException"/>.
    /// </summary>
    internal async Task<Contract> FindOracleAsync(Contract game, CancellationToken cancellation)
    {
        FaultDisputeGame.VmResult machine = await game
            .ReadAsync(new FaultDisputeGame.VmFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        MIPS.OracleResult oracle = await (Machine.At(machine.Vm) with { Node = game.Node })
            .ReadAsync(new MIPS.OracleFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        return Oracle.At(oracle.Oracle) with { Node = game.Node };
    }
}
