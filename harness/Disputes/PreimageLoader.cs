using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Host;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Loads what steps of the fault-proof program read: local data through the game, which alone may, and data
/// named by its Keccak-256 straight into the oracle of the game's machine, or as a proposal of a large
/// pre-image where one transaction cannot hold them.
/// </summary>
/// <param name="contracts">
/// The kinds of contracts; each game names its own machine, and that its oracle.
/// </param>
/// <param name="directBytesMax">Most bytes that are loaded by one transaction.</param>
public sealed class PreimageLoader(
    DisputeContracts contracts, int directBytesMax = PreimageLoader.DirectBytesMax) : IPreimageLoader
{
    /// <summary>Nodes take no transaction above 128 KiB; that leaves room for the rest of it.</summary>
    public const int DirectBytesMax = 130_000;

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
        if (isLoaded.AsBoolean())
        {
            return [];
        }

        if (need.LocalNumber is { } number)
        {
            return [client.LocalDataRequest(number, step.Against.Index, need.Offset)];
        }

        RequireLoadable(need);
        return need.Value.Length - PreimageKey.PrefixBytes <= directBytesMax
            ? [LoadRequest(client, oracle, need)]
            : await new LargePreimageProposal(oracle, client.Account, need)
                .PlanAsync(game.TimestampSeconds, cancellation)
                .ConfigureAwait(false);
    }

    private static Bytes32 StoredKey(GameClient client, Game game, IntendedStep step, PreimageNeed need) =>
        need.IsLocal
            ? PreimageKey.Localize(
                need.Key, client.Contract.Address, game.DisputeAround(step.Against).LocalContext())
            : need.Key;

    private static void RequireLoadable(PreimageNeed need)
    {
        string? obstacle = PreimageKey.TypeOf(need.Key) != PreimageKeyType.Keccak256
            ? "it is of a kind that the fault-proof program does not read"
            : need.Value.Length < PreimageKey.PrefixBytes
                || PreimageStore.KeyOf(need.Value.Span[PreimageKey.PrefixBytes..]) != need.Key
                    ? "the data here have another key"
                    : need.Offset > uint.MaxValue ? $"no pre-image has a byte {need.Offset}" : null;
        if (obstacle is not null)
        {
            throw new ChainException(
                ChainFailure.Abi, $"Pre-image {need.Key} cannot be loaded into the oracle: {obstacle}.");
        }
    }

    private static CallRequest LoadRequest(GameClient client, Contract oracle, PreimageNeed need) => new()
    {
        From = client.Account,
        To = oracle.Address,
        Data = PreimageUpload.Encode(
            oracle.Abi, new PreimagePart(need.Key, need.Value, (uint)need.Offset)),
    };

    private async Task<Contract> FindOracleAsync(Contract game, CancellationToken cancellation)
    {
        AbiValue machine = await game.ReadAsync("vm", cancellation: cancellation).ConfigureAwait(false);
        Contract steps = contracts.Machine.At(machine.AsAddress()) with { Node = game.Node };
        AbiValue oracle = await steps.ReadAsync("oracle", cancellation: cancellation).ConfigureAwait(false);
        return contracts.Oracle.At(oracle.AsAddress()) with { Node = game.Node };
    }
}
