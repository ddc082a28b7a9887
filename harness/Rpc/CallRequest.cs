using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>A message call or a transaction of an account that the node holds.</summary>
public sealed record CallRequest
{
    /// <summary>Who calls.</summary>
    public required Address From { get; init; }

    /// <summary>Who is called; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Calldata, or creation code with its arguments.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Gas limit; null leaves it to the node.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>The sender's transaction number; null leaves it to the node. Calls have none.</summary>
    public ulong? Nonce { get; init; }

    /// <summary>Writes the call object of the JSON-RPC methods.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("from", From.ToString());
        if (To is { } to)
        {
            writer.WriteString("to", to.ToString());
        }

        if (!Data.IsEmpty)
        {
            writer.WriteString("data", Hex.Format(Data.Span));
        }

        if (!Value.IsZero)
        {
            writer.WriteString("value", Hex.FormatQuantity(Value));
        }

        if (GasLimit is { } gas)
        {
            writer.WriteString("gas", Hex.FormatQuantity(gas));
        }

        if (Nonce is { } nonce)
        {
            writer.WriteString("nonce", Hex.FormatQuantity(nonce));
        }

        writer.WriteEndObject();
    }
}
