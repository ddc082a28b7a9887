using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>The node answered a call with an error object; <see cref="Error"/> is that object.</summary>
public sealed class JsonRpcException : ChainException
{
    /// <summary>Makes the exception of an error answer to <paramref name="method"/>.</summary>
    public JsonRpcException(string method, JsonRpcError error)
        : base(
            ChainFailure.ErrorAnswer,
            $"The node refused {method} with error {error.Code}: {error.Message}")
    {
        Method = method;
        Error = error;
    }

    /// <summary>The method that was called.</summary>
    public string Method { get; }

    /// <summary>The node's error object.</summary>
    public JsonRpcError Error { get; }

    /// <summary>Why the node did not take a transaction, when that was asked of it.</summary>
    public TransactionRefusal Refusal => TransactionRefusals.Of(Error);
}
