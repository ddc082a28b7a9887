using System;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>
/// One call: the method and a writer of its parameters. The writer puts the values of the parameter array, no
/// brackets, and may be asked more than once, when the call is sent again.
/// </summary>
public sealed record JsonRpcRequest(string Method, Action<Utf8JsonWriter> WriteParameters)
{
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
