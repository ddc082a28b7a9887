using System.Text.Json;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// The answer to one call: either a result or an error object. <see cref="Method"/> is kept for messages.
/// </summary>
public sealed record JsonRpcAnswer(string Method, JsonElement Result, JsonRpcError? Error)
{
    /// <summary>
    /// The result; throws <see cref="JsonRpcException"/> when the node answered with an error.
    /// </summary>
    public JsonElement Require() => Error is null ? Result : throw new JsonRpcException(Method, Error);
}
