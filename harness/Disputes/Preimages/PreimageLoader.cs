using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>
/// Loads what steps of the fault-proof program read: local data through the game, which alone may; all else
/// straight into the oracle of the game's machine, which hashes it or recomputes it from its evidence; and
/// data named by their Keccak-256 as a proposal of a large pre-image where one transaction cannot hold them.
/// What others have put there counts only if it is the
/// same; what is not is replaced, since the oracle takes a part that it has once more.
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

        Contract oracle = await contracts
            .FindOracleAsync(client.Contract, cancellation)
            .ConfigureAwait(false);
        StoredPart stored = await StoredPart
            .ReadAsync(oracle, StoredKey(client, game, step, need), need.Offset, cancellation)
            .ConfigureAwait(false);
        if (stored.Holds(need))
        {
            return [];
        }

        if (need.LocalNumber is { } number)
        {
            return stored.IsPresent
                ? throw new ChainException(
                    ChainFailure.Abi,
                    $"The game provides local pre-image {number} as {stored.Part} at byte {need.Offset}, "
                        + $"with {stored.DataBytes} bytes of data; the program was run with another value "
                        + "here.")
                : [client.LocalDataRequest(number, step.Against.Index, need.Offset)];
        }

        RequireLoadable(need);
        int bytes = need.Value.Length - OracleKey.PrefixBytes;
        return OracleKey.TypeOf(need.Key) != PreimageKeyType.Keccak256 || bytes <= directBytesMax
            ? [await LoadRequestAsync(client, oracle, need, cancellation).ConfigureAwait(false)]
            : await new LargePreimageProposal(oracle, client.Account, need)
                .PlanAsync(game.TimestampSeconds, game.ClockEnd(step.Against), cancellation)
                .ConfigureAwait(false);
    }

    private static Bytes32 StoredKey(GameClient client, Game game, IntendedStep step, PreimageNeed need) =>
        need.IsLocal
            ? OracleKey.Localize(
                need.Key, client.Contract.Address, game.DisputeAround(step.Against).LocalContext())
            : need.Key;

    private void RequireLoadable(PreimageNeed need)
    {
        string? obstacle = need.Value.Length < OracleKey.PrefixBytes || KeyOf(need) != need.Key
            ? "the data here have another key"
            : need.Offset > uint.MaxValue ? $"no pre-image has a byte {need.Offset}"
            : OracleKey.TypeOf(need.Key) != PreimageKeyType.Keccak256
                && need.Value.Length - OracleKey.PrefixBytes + need.Evidence.Length > directBytesMax
                ? "one transaction does not hold it, and the oracle takes it in no other way"
                : null;
        if (obstacle is not null)
        {
            throw new ChainException(
                ChainFailure.Abi, $"Pre-image {need.Key} cannot be loaded into the oracle: {obstacle}.");
        }
    }

    // The key that the contract will find.
    private static Bytes32? KeyOf(PreimageNeed need)
    {
        ReadOnlySpan<byte> data = need.Value.Span[OracleKey.PrefixBytes..];
        PreimageKeyType type = OracleKey.TypeOf(need.Key);
        return type switch
        {
            PreimageKeyType.Keccak256 => PreimageStore.KeyOf(data),
            PreimageKeyType.Sha256 => PreimageStore.Sha256KeyOf(data),
            PreimageKeyType.Precompile => PreimageStore.KeyOf(type, Bytes32.Keccak256(need.Evidence.Span)),
            PreimageKeyType.Blob when need.Evidence.Length > Blob.CommitmentBytes + Bytes32.SizeBytes =>
                PreimageStore.KeyOf(
                    type,
                    Bytes32.Keccak256(need.Evidence.Span[..(Blob.CommitmentBytes + Bytes32.SizeBytes)])),
            _ => null,
        };
    }

    private static async Task<CallRequest> LoadRequestAsync(
        GameClient client, Contract oracle, PreimageNeed need, CancellationToken cancellation)
    {
        OracleGeneration generation = OracleKey.TypeOf(need.Key) == PreimageKeyType.Precompile
            ? await ReadGenerationAsync(oracle, cancellation).ConfigureAwait(false)
            : OracleGeneration.Classic;
        PreimagePart part = new(need.Key, need.Value, (uint)need.Offset) { Evidence = need.Evidence };
        return new CallRequest
        {
            From = client.Account,
            To = oracle.Address,
            Data = PreimageUpload.Encode(generation, part),
        };
    }

    // Only precompiled contracts are loaded in another way since version 1.1.
    private static async Task<OracleGeneration> ReadGenerationAsync(
        Contract oracle, CancellationToken cancellation)
    {
        PreimageOracle.VersionResult version = await oracle
            .ReadAsync(new PreimageOracle.VersionFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        return version.Value.StartsWith("1.0.", StringComparison.Ordinal)
            ? OracleGeneration.Classic
            : OracleGeneration.Modern;
    }
}
