using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Asks contracts many things at one L1 block, named by its hash, so that no answer is of another.
/// </summary>
internal sealed class BlockReader(EthereumNode node, Block block)
{
    /// <summary>The block.</summary>
    public Block Block => block;

    private BlockReference At => BlockReference.Hash(block.Hash);

    /// <summary>Several questions at the block; the node may no longer have it.</summary>
    public CallBatch Batch() => new(node, At);

    /// <summary>Why a call would revert; null when it would not.</summary>
    public async Task<RevertReason?> RefusalAsync(
        Contract contract, FunctionMessage question, Address from, CancellationToken cancellation)
    {
        CallRequest call = contract.Request(from, question);
        CallOutcome outcome = await node.CallAsync(call, At, cancellation).ConfigureAwait(false);
        return outcome.IsReverted ? RevertReason.Decode(outcome.Data) : null;
    }

    /// <summary>
    /// A count of things or of seconds; throws <see cref="ChainException"/> for one that sums could
    /// overflow with.
    /// </summary>
    public static ulong Count(BigInteger number) => number.Sign >= 0 && number <= long.MaxValue / 2
        ? (ulong)number
        : throw new ChainException(
            ChainFailure.BadAnswer, $"A contract gave {number} as a count or a time.");
}
