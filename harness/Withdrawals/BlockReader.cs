using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Asks contracts many things at one L1 block, named by its hash, so that no answer is of another.
/// </summary>
internal sealed class BlockReader(EthereumNode node, Block block)
{
    /// <summary>The block.</summary>
    public Block Block => block;

    private BlockReference At => BlockReference.Hash(block.Hash);

    /// <summary>
    /// The results of each question, or null where the contract reverted. Throws <see
    /// cref="ChainException"/> when the node fails, or no longer has the block.
    /// </summary>
    public async Task<IReadOnlyList<IReadOnlyList<AbiValue>?>> TryReadAsync(
        IReadOnlyList<(Contract Contract, string Function, AbiValue[] Arguments)> questions,
        CancellationToken cancellation)
    {
        CallRequest[] calls =
        [
            .. questions.Select(question =>
                question.Contract.Request(default, question.Function, question.Arguments)),
        ];
        IReadOnlyList<CallOutcome> outcomes =
            await node.CallManyAsync(calls, At, cancellation).ConfigureAwait(false);
        return
        [
            .. questions.Zip(outcomes, (question, outcome) => outcome.IsReverted
                ? null
                : question.Contract.Abi.Function(question.Function).DecodeOutputs(outcome.Data)),
        ];
    }

    /// <summary>The same where none may revert.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<AbiValue>>> ReadAsync(
        IReadOnlyList<(Contract Contract, string Function, AbiValue[] Arguments)> questions,
        CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<AbiValue>?> answers =
            await TryReadAsync(questions, cancellation).ConfigureAwait(false);
        return
        [
            .. answers.Select((answer, index) => answer ?? throw new ChainException(
                ChainFailure.Reverted,
                $"{questions[index].Contract}.{questions[index].Function} reverted: another contract?")),
        ];
    }

    /// <summary>Why a call would revert; null when it would not.</summary>
    public async Task<RevertReason?> RefusalAsync(
        Contract contract, string function, AbiValue[] arguments, CancellationToken cancellation)
    {
        CallRequest call = contract.Request(default, function, arguments);
        CallOutcome outcome = await node.CallAsync(call, At, cancellation).ConfigureAwait(false);
        return outcome.IsReverted ? RevertReason.Decode(outcome.Data, contract.Abi) : null;
    }

    /// <summary>
    /// A count of things or of seconds; throws <see cref="ChainException"/> for one that sums could
    /// overflow with.
    /// </summary>
    public static ulong Count(AbiValue value)
    {
        BigInteger number = value.AsInteger();
        return number.Sign >= 0 && number <= long.MaxValue / 2
            ? (ulong)number
            : throw new ChainException(
                ChainFailure.BadAnswer, $"A contract gave {number} as a count or a time.");
    }
}
