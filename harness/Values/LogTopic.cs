using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>What one topic of a log entry may be: one of some words.</summary>
/// <param name="Words">The words; at least one.</param>
public sealed record LogTopic(IReadOnlyList<Bytes32> Words)
{
    /// <summary>Exactly this word.</summary>
    public static implicit operator LogTopic(Bytes32 word) => new([word]);

    /// <summary>Any of these words.</summary>
    public static LogTopic OneOf(params IReadOnlyList<Bytes32> words) => new(words);

    /// <summary>Any of these addresses, each as a word of its own as events index them.</summary>
    public static LogTopic OneOf(params IReadOnlyList<Address> addresses) =>
        new([.. addresses.Select(WordOf)]);

    internal void Write(Utf8JsonWriter writer)
    {
        if (Words.Count == 1)
        {
            writer.WriteStringValue(Words[0].ToString());
            return;
        }

        writer.WriteStartArray();
        foreach (Bytes32 word in Words)
        {
            writer.WriteStringValue(word.ToString());
        }

        writer.WriteEndArray();
    }

    private static Bytes32 WordOf(Address address)
    {
        byte[] word = new byte[Bytes32.SizeBytes];
        address.CopyTo(word.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return new Bytes32(word);
    }
}
