using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

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

    private static readonly ContractAbi Mips = ContractAbi.OwnFile("MIPS64");
    private static readonly ContractAbi Oracle = ContractAbi.OwnFile("PreimageOracle");
    private static readonly ContractAbi Games = ContractAbi.OwnFile("DisputeGames");

    /// <summary>
    /// Finds them among the contracts of a genesis file. Throws <see cref="ChainException"/> when there are
    /// none, several, or other versions.
    /// </summary>
    public static async Task<StepContracts> FindAsync(
        EthereumNode node, IReadOnlyList<Address> contracts, CancellationToken cancellation)
    {
        Address mips = await FindMachineAsync(node, contracts, cancellation).ConfigureAwait(false);
        AbiValue version = await ReadAsync(node, mips, "version", Mips, cancellation).ConfigureAwait(false);
        Require("MIPS64", version.AsText(), MipsVersion);
        AbiValue states = await ReadAsync(node, mips, "stateVersion", Mips, cancellation)
            .ConfigureAwait(false);
        Require("MIPS64's state", states.ToString(), StateVersion);
        AbiValue oracle = await ReadAsync(node, mips, "oracle", Mips, cancellation).ConfigureAwait(false);
        version = await ReadAsync(node, oracle.AsAddress(), "version", Oracle, cancellation)
            .ConfigureAwait(false);
        Require("PreimageOracle", version.AsText(), OracleVersion);
        return new StepContracts(mips, Mips, oracle.AsAddress(), Oracle);
    }

    // The deployment holds several chains with a factory each, which share one machine. Most contracts have
    // no such function and revert, or answer nothing; a factory's implementation behind no proxy names no
    // game.
    private static async Task<Address> FindMachineAsync(
        EthereumNode node, IReadOnlyList<Address> contracts, CancellationToken cancellation)
    {
        IReadOnlyList<Address> games = await AskAllAsync(
            node, contracts, Games.Function("gameImpls"), cancellation, PermissionedGameType)
            .ConfigureAwait(false);
        IReadOnlyList<Address> machines =
            await AskAllAsync(node, games, Games.Function("vm"), cancellation).ConfigureAwait(false);
        return machines.Count == 1
            ? machines[0]
            : throw Unsuitable($"Its dispute games name {machines.Count} virtual machines; one is expected.");
    }

    // The distinct addresses other than zero that these contracts answer.
    private static async Task<IReadOnlyList<Address>> AskAllAsync(
        EthereumNode node,
        IReadOnlyList<Address> contracts,
        AbiFunction function,
        CancellationToken cancellation,
        params AbiValue[] arguments)
    {
        byte[] data = function.Encode(arguments);
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
                .Select(answer => TryReadAddress(function, Hex.Read(answer.Require())))
                .OfType<Address>()
                .Where(address => address != default)
                .Distinct(),
        ];
    }

    private static Address? TryReadAddress(AbiFunction function, byte[] data)
    {
        try
        {
            return function.DecodeOutputs(data)[0].AsAddress();
        }
        catch (ChainException)
        {
            // A contract without this function may answer anything.
            return null;
        }
    }

    private static async Task<AbiValue> ReadAsync(
        EthereumNode node,
        Address contract,
        string function,
        ContractAbi abi,
        CancellationToken cancellation)
    {
        AbiFunction getter = abi.Function(function);
        CallRequest request = new() { From = default, To = contract, Data = getter.Encode() };
        CallOutcome outcome = await node.CallAsync(request, cancellation).ConfigureAwait(false);
        return getter.DecodeOutputs(outcome.Require(function, abi))[0];
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
