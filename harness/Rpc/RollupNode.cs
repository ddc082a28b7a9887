using System.Text.Json;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>
/// What the node of a rollup says besides the methods of Ethereum (source: OP Stack specification, rollup
/// node). May be used from several threads at once.
/// </summary>
/// <param name="rpc">The node, which stays the caller's.</param>
public sealed class RollupNode(JsonRpcClient rpc)
{
    private const string StatusName = "sync status";

    /// <summary>The node's heads.</summary>
    public async Task<SyncStatus> GetSyncStatusAsync(CancellationToken cancellation = default)
    {
        JsonElement answer = await rpc
            .CallAsync(JsonRpcRequest.Create("optimism_syncStatus"), cancellation)
            .ConfigureAwait(false);
        JsonObject status = new(answer, StatusName);
        return new SyncStatus(
            IdOf(status.Get("current_l1"), StatusName),
            IdOf(status.Get("head_l1"), StatusName),
            IdOf(status.Get("unsafe_l2"), StatusName),
            IdOf(new JsonObject(status.Get("unsafe_l2"), StatusName).Get("l1origin"), StatusName),
            IdOf(status.Get("safe_l2"), StatusName),
            IdOf(status.Get("finalized_l2"), StatusName));
    }

    /// <summary>
    /// The L2 block that was safe once L1 was read up to and including the L1 block of a number, and the
    /// newest L1 block that changed this. Throws <see cref="ChainException"/> also when the node has not
    /// read so far.
    /// </summary>
    public async Task<(BlockId L1, BlockId Safe)> GetSafeHeadAsync(
        ulong l1Number, CancellationToken cancellation = default)
    {
        const string Name = "safe head";
        JsonRpcRequest request =
            JsonRpcRequest.Create("optimism_safeHeadAtL1Block", Hex.FormatQuantity(l1Number));
        JsonElement answer = await rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        JsonObject found = new(answer, Name);
        return (IdOf(found.Get("l1Block"), Name), IdOf(found.Get("safeHead"), Name));
    }

    /// <summary>
    /// The output root after an L2 block, as it is; whether the block is safe, this does not say.
    /// </summary>
    public async Task<Bytes32> GetOutputAsync(ulong number, CancellationToken cancellation = default)
    {
        const string Name = "output";
        JsonRpcRequest request =
            JsonRpcRequest.Create("optimism_outputAtBlock", Hex.FormatQuantity(number));
        JsonElement answer = await rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        JsonObject output = new(answer, Name);
        return IdOf(output.Get("blockRef"), Name).Number == number
            ? output.Word("outputRoot")
            : throw new ChainException(
                ChainFailure.BadAnswer, $"The node sent the output of another block than {number}.");
    }

    private static BlockId IdOf(JsonElement element, string what)
    {
        JsonObject block = new(element, what);
        return new BlockId(
            block.Word("hash"),
            block.Get("number") is { ValueKind: JsonValueKind.Number } text
                && text.TryGetUInt64(out ulong number)
                ? number
                : throw new ChainException(
                    ChainFailure.BadAnswer, $"The number of a block in the node's {what} is none."));
    }
}
