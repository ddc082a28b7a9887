using Culverin.Harness.Abi;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rpc;

/// <summary>Handing single transactions to the node, and what a sender must know before.</summary>
public sealed partial class EthereumNode
{
    /// <summary>
    /// Hands a signed transaction to the node and returns its hash. Throws <see cref="JsonRpcException"/>
    /// when the node refuses it; see <see cref="JsonRpcException.Refusal"/>. A node that has it already
    /// does not refuse.
    /// </summary>
    public async Task<Bytes32> SubmitRawAsync(
        ReadOnlyMemory<byte> encoded, CancellationToken cancellation = default)
    {
        Bytes32 hash = Bytes32.Keccak256(encoded.Span);
        try
        {
            Bytes32 stated = new(Hex.Read(
                await AskAsync("eth_sendRawTransaction", cancellation, Hex.Format(encoded.Span))
                    .ConfigureAwait(false)));
            return stated == hash
                ? hash
                : throw new ChainException(
                    ChainFailure.BadAnswer, $"The node took the transaction {hash} for {stated}.");
        }
        catch (JsonRpcException error) when (error.Refusal == TransactionRefusal.AlreadyKnown)
        {
            return hash;
        }
    }

    /// <summary>
    /// Lets the node sign and send a transaction of an account it holds; returns the hash. Throws <see
    /// cref="JsonRpcException"/> when the node refuses it.
    /// </summary>
    public async Task<Bytes32> SubmitAsync(
        Address from, FeeMarketTransaction transaction, CancellationToken cancellation = default)
    {
        JsonRpcRequest request = new(
            "eth_sendTransaction", writer => TransactionJson.Write(writer, from, transaction));
        return new Bytes32(Hex.Read(await Rpc.CallAsync(request, cancellation).ConfigureAwait(false)));
    }

    /// <summary>
    /// How much gas a transaction would use now. Throws <see cref="RevertedException"/> when it would
    /// revert.
    /// </summary>
    public async Task<ulong> EstimateGasAsync(CallRequest call, CancellationToken cancellation = default)
    {
        try
        {
            JsonRpcRequest request = new("eth_estimateGas", call.Write);
            return Hex.ReadQuantity(await Rpc.CallAsync(request, cancellation).ConfigureAwait(false));
        }
        catch (JsonRpcException error) when (IsRevert(error.Error))
        {
            throw new RevertedException("The transaction", RevertReason.Decode(error.Error.Data ?? []));
        }
    }
}
