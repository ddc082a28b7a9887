using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Loads what steps of the fault-proof program read: local data through the game, which alone may, and data
/// named by its Keccak-256 straight into the oracle of the game's machine.
/// </summary>
/// <param name="contracts">
/// The kinds of contracts; each game names its own machine, and that its oracle.
/// </param>
public sealed class PreimageLoader(DisputeContracts contracts) : IPreimageLoader
{
    /// <summary>
    /// Most bytes of a pre-image that is loaded: nodes take no transaction above 128 KiB. (The contract has
    /// a way for larger ones, in parts and with a time to challenge them, which is not gone here.)
    /// </summary>
    public const int DataBytesMax = 120_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallRequest>> PlanAsync(
        GameClient client, Game game, IntendedStep step, CancellationToken cancellation = default)
    {
        if (step.Data.Preimage is not { } need)
        {
            return [];
        }

        Contract oracle = await FindOracleAsync(client.Contract, cancellation).ConfigureAwait(false);
        AbiValue isLoaded = await oracle
            .ReadAsync(
                "preimagePartOk",
                [StoredKey(client, game, step, need), need.Offset],
                cancellation: cancellation)
            .ConfigureAwait(false);
        return isLoaded.AsBoolean() ? [] : [LoadRequest(client, oracle, step, need)];
    }

    private static Bytes32 StoredKey(GameClient client, Game game, IntendedStep step, PreimageNeed need) =>
        need.IsLocal
            ? PreimageKey.Localize(
                need.Key, client.Contract.Address, game.DisputeAround(step.Against).LocalContext())
            : need.Key;

    private static CallRequest LoadRequest(
        GameClient client, Contract oracle, IntendedStep step, PreimageNeed need)
    {
        if (need.LocalNumber is { } number)
        {
            return client.LocalDataRequest(number, step.Against.Index, need.Offset);
        }

        int dataBytes = need.Value.Length - PreimageKey.PrefixBytes;
        string? obstacle = PreimageKey.TypeOf(need.Key) != PreimageKeyType.Keccak256
            ? "it is of a kind that the fault-proof program does not read"
            : dataBytes > DataBytesMax
                ? $"it has {dataBytes:N0} bytes, and only {DataBytesMax:N0} fit into a transaction"
                : need.Offset > uint.MaxValue ? $"no pre-image has a byte {need.Offset}" : null;
        return obstacle is null
            ? new CallRequest
            {
                From = client.Account,
                To = oracle.Address,
                Data = PreimageUpload.Encode(
                    oracle.Abi, new PreimagePart(need.Key, need.Value, (uint)need.Offset)),
            }
            : throw new ChainException(
                ChainFailure.Abi, $"Pre-image {need.Key} cannot be loaded into the oracle: {obstacle}.");
    }

    private async Task<Contract> FindOracleAsync(Contract game, CancellationToken cancellation)
    {
        AbiValue machine = await game.ReadAsync("vm", cancellation: cancellation).ConfigureAwait(false);
        Contract steps = contracts.Machine.At(machine.AsAddress()) with { Node = game.Node };
        AbiValue oracle = await steps.ReadAsync("oracle", cancellation: cancellation).ConfigureAwait(false);
        return contracts.Oracle.At(oracle.AsAddress()) with { Node = game.Node };
    }
}
