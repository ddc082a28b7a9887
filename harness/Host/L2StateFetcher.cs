using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host;

/// <summary>
/// Gets trie nodes and code of the L2's state into the store: all that a block's execution reads at once,
/// where the node can tell (debug_executionWitness), and the rest one by one (debug_dbGet). A node of a trie
/// is asked for by its hash alone, so a node of the L2 that has neither method cannot serve it. For one
/// thread at a time.
/// </summary>
internal sealed class L2StateFetcher
{
    private const byte CodePrefix = (byte)'c';

    private readonly EthereumNode _l2;
    private readonly DisputedClaim _claim;
    private readonly PreimageStore _store;
    private bool _hasWitnesses = true;
    private bool _hasDatabase = true;
    private ulong? _witnessed;

    internal L2StateFetcher(EthereumNode l2, DisputedClaim claim, PreimageStore store)
    {
        _l2 = l2;
        _claim = claim;
        _store = store;
    }

    /// <summary>Gets what has this Keccak-256: a trie node, or code.</summary>
    /// <exception cref="ChainException">The node fails, lies or does not have it.</exception>
    internal async Task FetchAsync(Bytes32 hash, bool isCode, CancellationToken cancellation)
    {
        Bytes32 key = PreimageStore.KeyOf(hash);
        if (await TryWitnessAsync(cancellation).ConfigureAwait(false) && _store.Find(key) is not null)
        {
            return;
        }

        byte[]? data = isCode
            ? await AskAsync(Hex.Format([CodePrefix, .. hash.ToArray()]), cancellation).ConfigureAwait(false)
            : null;
        data ??= await AskAsync(hash.ToString(), cancellation).ConfigureAwait(false);
        if (data is not null && Bytes32.Keccak256(data) == hash)
        {
            _store.Add(data);
            return;
        }

        throw new ChainException(
            ChainFailure.BadAnswer,
            !_hasDatabase ? $"The L2 node does not offer debug_dbGet, and its witnesses lack {hash}."
            : data is null ? $"The L2 node has no data with the hash {hash}."
            : $"The L2 node gave other data than those with the hash {hash}.");
    }

    /// <summary>
    /// Gets the witness of the next block behind the agreed one; false when there is none to get.
    /// </summary>
    private async Task<bool> TryWitnessAsync(CancellationToken cancellation)
    {
        if (!_hasWitnesses)
        {
            return false;
        }

        _witnessed ??= (await _l2
            .GetBlockAsync(BlockReference.Hash(_claim.AgreedBlockHash), cancellation)
            .ConfigureAwait(false)).Number;
        if (_witnessed >= _claim.ClaimedBlockNumber)
        {
            return false;
        }

        JsonElement witness;
        try
        {
            witness = await _l2.Rpc.CallAsync(
                JsonRpcRequest.Create("debug_executionWitness", Hex.FormatQuantity(_witnessed.Value + 1)),
                cancellation).ConfigureAwait(false);
        }
        catch (JsonRpcException)
        {
            // It cannot, or the L2 goes no further: what a program needs of other blocks is asked one by one.
            _hasWitnesses = false;
            return false;
        }

        foreach (string part in (string[])["state", "codes"])
        {
            foreach (JsonElement each in Values(witness, part))
            {
                _store.Add(Hex.Read(each));
            }
        }

        _witnessed++;
        return true;
    }

    // Some nodes give lists, others objects with hashes as names.
    private static IEnumerable<JsonElement> Values(JsonElement witness, string name)
    {
        JsonElement found = new JsonObject(witness, "execution witness").Get(name);
        return found.ValueKind switch
        {
            JsonValueKind.Array => found.EnumerateArray(),
            JsonValueKind.Object => found.EnumerateObject().Select(each => each.Value),
            _ => throw new ChainException(
                ChainFailure.BadAnswer, $"The '{name}' of an execution witness is neither list nor object."),
        };
    }

    private async Task<byte[]?> AskAsync(string key, CancellationToken cancellation)
    {
        if (!_hasDatabase)
        {
            return null;
        }

        try
        {
            JsonElement answer = await _l2.Rpc
                .CallAsync(JsonRpcRequest.Create("debug_dbGet", key), cancellation)
                .ConfigureAwait(false);
            return answer.ValueKind == JsonValueKind.Null ? null : Hex.Read(answer);
        }
        catch (JsonRpcException error)
        {
            _hasDatabase &= !error.Error.IsMethodMissing;
            return null;
        }
    }
}
