using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Scenarios;

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
        ClassicArena arena = run.Arena;
        Contract factory = arena.Contracts.Factory;
        OutputRoot anchor = arena.AnchorOutput;
        Contract machine = await CreateAsync(
            run, "AlphabetVM", [options.AbsolutePrestate, arena.Contracts.Oracle.Address])
            .ConfigureAwait(false);
        Contract registry = await CreateAsync(run, "AnchorStateRegistry", [factory.Address])
            .ConfigureAwait(false);
        Contract proxy = await CreateAsync(run, "Proxy", [arena.Accounts.Owner.Address])
            .ConfigureAwait(false);
        AbiValue[] anchors =
            [new AbiValue[] { (ulong)GameType, new AbiValue[] { anchor.Hash, arena.AnchorBlock } }];
        byte[] initialize = registry.Encode("initialize", [anchors]);
        await CallAsync(run, proxy, "upgradeToAndCall", [registry.Address, initialize])
            .ConfigureAwait(false);
        Contract game = await CreateAsync(
            run,
            "FaultDisputeGame",
            [
                (ulong)GameType, options.AbsolutePrestate, options.MaxGameDepth, options.SplitDepth,
                options.ClockExtensionSeconds, options.MaxClockSeconds, machine.Address,
                arena.Contracts.Weth.Address, proxy.Address, options.L2ChainId,
            ]).ConfigureAwait(false);
        await CallAsync(run, factory, "setImplementation", [(ulong)GameType, game.Address])
            .ConfigureAwait(false);
        await CallAsync(run, factory, "setInitBond", [(ulong)GameType, options.InitialBond])
            .ConfigureAwait(false);
    }

    private static async Task<Contract> CreateAsync(ScenarioRun run, string name, AbiValue[] arguments)
    {
        ContractArtifact artifact = ContractArtifact.Find(run.Packages.ContractArtifacts, name);
        TransactionSender owner = run.Arena.OnL1(run.Arena.Accounts.Owner);
        CallRequest creation = new()
        {
            From = owner.Address,
            Data = artifact.EncodeDeployment(arguments),
        };
        TransactionReceipt receipt =
            await owner.SendAsync(creation, [artifact.Abi], run.Cancellation).ConfigureAwait(false);
        return new Contract(name, run.Arena.L1.Node, receipt.CreatedContract!.Value, artifact.Abi);
    }

    private static async Task CallAsync(
        ScenarioRun run, Contract contract, string function, AbiValue[] arguments)
    {
        TransactionSender owner = run.Arena.OnL1(run.Arena.Accounts.Owner);
        _ = await owner
            .SendAsync(
                contract.Request(owner.Address, function, arguments), [contract.Abi], run.Cancellation)
            .ConfigureAwait(false);
    }
}
