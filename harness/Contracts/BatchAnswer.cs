using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Culverin.Harness.Contracts;

/// <summary>The answer to a call of a <see cref="CallBatch"/>.</summary>
/// <typeparam name="TResult">The function's results.</typeparam>
public sealed class BatchAnswer<TResult>
    where TResult : class, IFunctionOutputDTO, new()
{
    private readonly string _what;

    internal BatchAnswer(string what)
    {
        _what = what;
    }

    /// <summary>The results; null where the contract reverted, and before the batch is sent.</summary>
    public TResult? Result { get; private set; }

    /// <summary>The results; throws <see cref="ChainException"/> where the contract reverted.</summary>
    public TResult Require() => Result ?? throw new ChainException(
        ChainFailure.Reverted, $"{_what} reverted: another contract?");

    internal void Receive(CallOutcome outcome) =>
        Result = outcome.IsReverted ? null : ContractCodec.DecodeResult<TResult>(outcome.Data);
}
