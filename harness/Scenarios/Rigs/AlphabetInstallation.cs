using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// A further type of games on a scenario's arena, which the toy machine decides: with a machine, a registry
/// of anchors and an implementation of its own, beside the arena's types.
/// </summary>
internal static class AlphabetInstallation
{
    /// <summary>The type, as production numbers it.</summary>
    internal const uint GameType = 255;

    /// <summary>Installs it as the factory's owner.</summary>
    /// <param name="run">The scenario.</param>
    /// <param name="options">The game's depths, clocks, bond and first state.</param>
    internal static async Task InstallAsync(ScenarioRun run, ArenaOptions options)
    {
        IArena arena = run.Arena;
        Contract factory = arena.Contracts.Factory;
        Contract machine = await CreateAsync(run, nameof(AlphabetVM), new AlphabetVM.Constructor
        {
            AbsolutePrestate = options.AbsolutePrestate,
            Oracle = arena.Contracts.Oracle.Address,
        }).ConfigureAwait(false);
        Contract registry = await CreateAsync(
            run,
            nameof(AnchorStateRegistry),
            new AnchorStateRegistry.Constructor { DisputeGameFactory = factory.Address })
            .ConfigureAwait(false);
        Contract proxy = await CreateAsync(
            run, nameof(Proxy), new Proxy.Constructor { Admin = arena.Accounts.Owner.Address })
            .ConfigureAwait(false);
        await CallAsync(run, proxy, new Proxy.UpgradeToAndCallFunction
        {
            Implementation = registry.Address,
            Data = ContractCodec.EncodeCall(Anchors(arena)),
        }).ConfigureAwait(false);
        Contract game = await CreateAsync(
            run, nameof(FaultDisputeGame), GameOf(arena, options, machine, proxy)).ConfigureAwait(false);
        await CallAsync(run, factory, new DisputeGameFactory.SetImplementationFunction
        {
            GameType = GameType,
            Impl = game.Address,
        }).ConfigureAwait(false);
        await CallAsync(run, factory, new DisputeGameFactory.SetInitBondFunction
        {
            GameType = GameType,
            InitBond = options.InitialBond,
        }).ConfigureAwait(false);
    }

    private static AnchorStateRegistry.InitializeFunction Anchors(IArena arena) => new()
    {
        StartingAnchorRoots =
        [
            new AnchorStateRegistry.StartingAnchorRoot
            {
                GameType = GameType,
                OutputRoot = new AnchorStateRegistry.OutputRoot
                {
                    Root = arena.AnchorOutput.Hash,
                    L2BlockNumber = arena.AnchorBlock,
                },
            },
        ],
    };

    private static FaultDisputeGame.Constructor GameOf(
        IArena arena, ArenaOptions options, Contract machine, Contract registry) => new()
        {
            GameType = GameType,
            AbsolutePrestate = options.AbsolutePrestate,
            MaxGameDepth = options.MaxGameDepth,
            SplitDepth = options.SplitDepth,
            ClockExtension = options.ClockExtensionSeconds,
            MaxClockDuration = options.MaxClockSeconds,
            Vm = machine.Address,
            Weth = arena.Contracts.Weth.Address,
            AnchorStateRegistry = registry.Address,
            L2ChainId = options.L2ChainId,
        };

    private static async Task<Contract> CreateAsync(ScenarioRun run, string name, object constructor)
    {
        ContractArtifact artifact = ContractArtifact.Find(run.Packages.ContractArtifacts, name);
        TransactionSender owner = run.Arena.OnL1(run.Arena.Accounts.Owner);
        CallRequest creation = new()
        {
            From = owner.Address,
            Data = artifact.EncodeDeployment(constructor),
        };
        TransactionReceipt receipt =
            await owner.SendAsync(creation, run.Cancellation).ConfigureAwait(false);
        return new Contract(name, run.Arena.L1.Node, receipt.CreatedContract!.Value);
    }

    private static async Task CallAsync(ScenarioRun run, Contract contract, FunctionMessage call)
    {
        TransactionSender owner = run.Arena.OnL1(run.Arena.Accounts.Owner);
        _ = await owner
            .SendAsync(contract.Request(owner.Address, call), run.Cancellation)
            .ConfigureAwait(false);
    }
}
