using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>
/// The modern arena's contracts: MIPS64 1.7.0 for states of version 8 and PreimageOracle 1.1.4, as a whole
/// deployment of the OP Stack holds them. They have no fixed addresses, and are found as a dispute finds
/// them: a dispute game factory names the implementation of its permissioned game, the game its virtual
/// machine, and the machine its oracle.
/// </summary>
internal static class ModernContracts
{
    private const string MipsVersion = "1.7.0";
    private const string OracleVersion = "1.1.4";
    private const string StateVersion = "8";
    private const int PermissionedGameType = 1;

    /// <summary>
    /// Finds them among the contracts of a genesis file. Throws <see cref="ChainException"/> when there are
    /// none, several, or other versions.
    /// </summary>
    public static async Task<StepContracts> FindAsync(
        EthereumNode node, IReadOnlyList<Address> contracts, CancellationToken cancellation)
    {
        Address mips = await FindMachineAsync(node, contracts, cancellation).ConfigureAwait(false);
        Contract machine = new("MIPS64", node, mips);
        string version = (await machine
            .ReadAsync(new MIPS64.VersionFunction(), cancellation: cancellation)
            .ConfigureAwait(false)).Value;
        Require("MIPS64", version, MipsVersion);
        MIPS64.StateVersionResult states = await machine
            .ReadAsync(new MIPS64.StateVersionFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        Require("MIPS64's state", $"{states.Value}", StateVersion);
        Address oracle = (await machine
            .ReadAsync(new MIPS64.OracleFunction(), cancellation: cancellation)
            .ConfigureAwait(false)).Value;
        version = (await new Contract("PreimageOracle", node, oracle)
            .ReadAsync(new ModernPreimageOracle.VersionFunction(), cancellation: cancellation)
            .ConfigureAwait(false)).Value;
        Require("PreimageOracle", version, OracleVersion);
        return new StepContracts(mips, oracle, OracleGeneration.Modern);
    }

    // The deployment holds several chains with a factory each, which share one machine. Most contracts have
    // no such function and revert, or answer nothing; a factory's implementation behind no proxy names no
    // game.
    private static async Task<Address> FindMachineAsync(
        EthereumNode node, IReadOnlyList<Address> contracts, CancellationToken cancellation)
    {
        IReadOnlyList<Address> games = await AskAllAsync(
            node,
            contracts,
            new DisputeGames.GameImplsFunction { GameType = PermissionedGameType },
            answer => answer.Implementation,
            cancellation).ConfigureAwait(false);
        IReadOnlyList<Address> machines = await AskAllAsync(
            node, games, new DisputeGames.VmFunction(), answer => answer.Value, cancellation)
            .ConfigureAwait(false);
        return machines.Count == 1
            ? machines[0]
            : throw Unsuitable($"Its dispute games name {machines.Count} virtual machines; one is expected.");
    }

    // The distinct addresses other than zero that these contracts answer.
    private static async Task<IReadOnlyList<Address>> AskAllAsync<TResult>(
        EthereumNode node,
        IReadOnlyList<Address> contracts,
        ICall<TResult> call,
        Func<TResult, Address> choose,
        CancellationToken cancellation)
        where TResult : class, IFunctionOutputDTO, new()
    {
        byte[] data = ContractCodec.EncodeCall(ContractCalls.MessageOf(call));
        JsonRpcRequest[] requests = [.. contracts.Select(contract => new JsonRpcRequest("eth_call", writer =>
        {
            new CallRequest { From = default, To = contract, Data = data }.Write(writer);
            writer.WriteStringValue("latest");
        }))];
        IReadOnlyList<JsonRpcAnswer> answers =
            await node.Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
        return
        [
            .. answers.Where(answer => answer.Error is null)
                .Select(answer => TryReadAddress(choose, Hex.Read(answer.Require())))
                .OfType<Address>()
                .Where(address => address != default)
                .Distinct(),
        ];
    }

    private static Address? TryReadAddress<TResult>(Func<TResult, Address> choose, byte[] data)
        where TResult : class, IFunctionOutputDTO, new()
    {
        try
        {
            return choose(ContractCodec.DecodeResult<TResult>(data));
        }
        catch (ChainException)
        {
            // A contract without this function may answer anything.
            return null;
        }
    }

    private static void Require(string contract, string version, string expected)
    {
        if (version != expected)
        {
            throw Unsuitable($"{contract} has version \"{version}\"; \"{expected}\" is expected.");
        }
    }

    private static ChainException Unsuitable(string why) =>
        new(ChainFailure.Artifact, $"The deployment in the supersim package is not the expected one. {why}");
}
