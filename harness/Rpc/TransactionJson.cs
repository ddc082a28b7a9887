using System.Text.Json;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rpc;

/// <summary>
/// Writes a transaction with all its fields set, as eth_sendTransaction and eth_signTransaction take it.
/// </summary>
internal static class TransactionJson
{
    internal static void Write(Utf8JsonWriter writer, Address from, FeeMarketTransaction transaction)
    {
        writer.WriteStartObject();
        writer.WriteString("from", from.ToString());
        if (transaction.To is { } to)
        {
            writer.WriteString("to", to.ToString());
        }

        writer.WriteString("gas", Hex.FormatQuantity(transaction.GasLimit));
        writer.WriteString("maxFeePerGas", Hex.FormatQuantity(transaction.MaxFeePerGas));
        writer.WriteString("maxPriorityFeePerGas", Hex.FormatQuantity(transaction.MaxPriorityFeePerGas));
        writer.WriteString("value", Hex.FormatQuantity(transaction.Value));
        writer.WriteString("nonce", Hex.FormatQuantity(transaction.Nonce));
        writer.WriteString("data", Hex.Format(transaction.Data.Span));
        if (transaction.ChainId is { } chain)
        {
            writer.WriteString("chainId", Hex.FormatQuantity(chain));
        }

        writer.WriteEndObject();
    }
}
