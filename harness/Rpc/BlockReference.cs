using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>
/// Which block a question is about: by its number, by its hash (so that a reorganised chain cannot answer
/// for another block), or by its place. A number converts by itself.
/// </summary>
public readonly record struct BlockReference
{
    private readonly string? _text;
    private readonly bool _isHash;

    private BlockReference(string text, bool isHash = false, ulong? number = null)
    {
        _text = text;
        _isHash = isHash;
        AsNumber = number;
    }

    /// <summary>The newest block.</summary>
    public static BlockReference Latest { get; } = new("latest");

    /// <summary>The newest block and the transactions that wait.</summary>
    public static BlockReference Pending { get; } = new("pending");

    /// <summary>The newest block that will hardly be reorganised.</summary>
    public static BlockReference Safe { get; } = new("safe");

    /// <summary>The newest block that cannot be reorganised.</summary>
    public static BlockReference Finalized { get; } = new("finalized");

    /// <summary>The first block.</summary>
    public static BlockReference Earliest { get; } = Number(0);

    /// <summary>The block of this number.</summary>
    public static implicit operator BlockReference(ulong number) => Number(number);

    /// <summary>The block of this number.</summary>
    public static BlockReference Number(ulong number) => new(Hex.FormatQuantity(number), number: number);

    /// <summary>The block of this hash.</summary>
    public static BlockReference Hash(Bytes32 hash) => new(hash.ToString(), isHash: true);

    internal bool IsHash => _isHash;

    /// <summary>The number, when that is what it is.</summary>
    internal ulong? AsNumber { get; }

    /// <summary>The number, hash or tag.</summary>
    public override string ToString() => _text ?? "latest";

    /// <summary>Writes the parameter of eth_call and its like (EIP-1898).</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        if (!_isHash)
        {
            writer.WriteStringValue(ToString());
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("blockHash", ToString());
        writer.WriteEndObject();
    }
}
