using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>Which log entries are asked for.</summary>
public sealed record LogFilter
{
    /// <summary>The first block; the first of the chain unless set.</summary>
    public BlockReference From { get; init; } = BlockReference.Earliest;

    /// <summary>The last block; the newest unless set.</summary>
    public BlockReference To { get; init; } = BlockReference.Latest;

    /// <summary>The contracts that logged; empty for all.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>
    /// The topics from the first on, the event's own being the first; null matches any.
    /// </summary>
    public IReadOnlyList<LogTopic?> Topics { get; init; } = [];

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("fromBlock", From.ToString());
        writer.WriteString("toBlock", To.ToString());
        if (Addresses.Count > 0)
        {
            writer.WriteStartArray("address");
            foreach (Address address in Addresses)
            {
                writer.WriteStringValue(address.ToString());
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("topics");
        foreach (LogTopic? topic in Topics)
        {
            if (topic is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                topic.Write(writer);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
