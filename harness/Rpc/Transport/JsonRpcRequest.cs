using System.Text.Json;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// One call: the method and a writer of its parameters. The writer puts the values of the parameter array, no
/// brackets, and may be asked more than once, when the call is sent again.
/// </summary>
public sealed record JsonRpcRequest(string Method, Action<Utf8JsonWriter> WriteParameters)
{
    private static readonly string[] ReadingPrefixes = ["eth_get", "debug_get", "debug_trace", "txpool_"];

    private static readonly string[] ReadingMethods =
    [
        "eth_accounts", "eth_blockNumber", "eth_call", "eth_chainId", "eth_estimateGas", "eth_feeHistory",
        "eth_gasPrice", "eth_maxPriorityFeePerGas",
    ];

    /// <summary>Whether the method merely reads, so that asking again does no harm.</summary>
    internal bool IsReading =>
        ReadingMethods.Contains(Method)
        || ReadingPrefixes.Any(prefix => Method.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// A call whose parameters are all texts (hexadecimal values, block tags), or that has none.
    /// </summary>
    public static JsonRpcRequest Create(string method, params string[] parameters) =>
        new(method, writer =>
        {
            foreach (string parameter in parameters)
            {
                writer.WriteStringValue(parameter);
            }
        });
}
