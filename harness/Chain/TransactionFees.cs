using System.Numerics;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Chain;

/// <summary>What a transaction offers for each unit of gas, in wei: at most, and of that as a tip.</summary>
internal readonly record struct TransactionFees(BigInteger Cap, BigInteger Tip)
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

        return new TransactionFees(2 * newest.Header.BaseFeePerGas + tip, tip);
    }

    /// <summary>Both raised by so many percent, rounded up.</summary>
    internal TransactionFees Raised(int percent) => new(Raise(Cap, percent), Raise(Tip, percent));

    /// <summary>The same with the cap, and the tip if need be, lowered to the limit.</summary>
    internal TransactionFees LimitedTo(BigInteger limit) => new(limit, BigInteger.Min(Tip, limit));

    private static BigInteger Raise(BigInteger fee, int percent) => (fee * (100 + percent) + 99) / 100;
}
