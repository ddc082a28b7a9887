using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Contracts;

/// <summary>
/// Calls of several functions and contracts that are made together, at one block: each gives its answer its
/// own type. For one thread at a time.
/// </summary>
/// <param name="node">Whom to ask; the contracts' own nodes are not.</param>
/// <param name="block">The block; name it by its hash where all answers must be of one.</param>
public sealed class CallBatch(EthereumNode node, BlockReference block)
{
    private readonly List<CallRequest> _requests = [];
    private readonly List<Action<CallOutcome>> _receivers = [];

    /// <summary>Adds a call; its answer is there after <see cref="SendAsync"/>.</summary>
    public BatchAnswer<TResult> Add<TResult>(Contract contract, ICall<TResult> call)
        where TResult : class, IFunctionOutputDTO, new()
    {
        FunctionMessage message = ContractCalls.MessageOf(call);
        BatchAnswer<TResult> answer = new($"{contract}.{ContractCodec.NameOf(message)}");
        _requests.Add(contract.Request(default, message));
        _receivers.Add(answer.Receive);
        return answer;
    }

    /// <summary>
    /// Makes all calls. Throws <see cref="ChainException"/> when the node fails or no longer has the block,
    /// or an answer is not of its type; a call that reverts does not throw.
    /// </summary>
    public async Task SendAsync(CancellationToken cancellation = default)
    {
        IReadOnlyList<CallOutcome> outcomes =
            await node.CallManyAsync(_requests, block, cancellation).ConfigureAwait(false);
        for (int index = 0; index < outcomes.Count; index++)
        {
            _receivers[index](outcomes[index]);
        }
    }
}
