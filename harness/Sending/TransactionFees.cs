using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Sending;

/// <summary>
/// What a transaction offers for each unit of gas, in wei: at most, and of that as a tip; and the base fee
/// that the newest block asked for, 0 where that is not known.
/// </summary>
internal readonly record struct TransactionFees(BigInteger Cap, BigInteger Tip, BigInteger Base = default)
{
    // Offered where a node suggests no tip: 1 gwei.
    private static readonly BigInteger UsualTip = 1_000_000_000;

    /// <summary>
    /// Twice the newest block's base fee, which six full blocks cannot reach, and the suggested tip.
    /// </summary>
    internal static async Task<TransactionFees> SuggestAsync(
        EthereumNode node, CancellationToken cancellation)
    {
        Block newest = await node.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        BigInteger tip = UsualTip;
        try
        {
            JsonElement answer = await node.Rpc
                .CallAsync(JsonRpcRequest.Create("eth_maxPriorityFeePerGas"), cancellation)
                .ConfigureAwait(false);
            tip = Hex.ReadLargeQuantity(answer);
        }
        catch (JsonRpcException)
        {
            // Not every node knows the method.
        }

        BigInteger fee = newest.Header.BaseFeePerGas;
        return new TransactionFees((2 * fee) + tip, tip, fee);
    }

    /// <summary>Both raised by so many percent, rounded up.</summary>
    internal TransactionFees Raised(int percent) => new(Raise(Cap, percent), Raise(Tip, percent));

    /// <summary>The same with the cap, and the tip if need be, lowered to the limit.</summary>
    internal TransactionFees LimitedTo(BigInteger limit) => new(limit, BigInteger.Min(Tip, limit), Base);

    private static BigInteger Raise(BigInteger fee, int percent) => (fee * (100 + percent) + 99) / 100;
}
