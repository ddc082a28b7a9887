using System.Buffers.Binary;
using System.Numerics;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Culverin.Harness.Abi;

/// <summary>
/// Why a call reverted, decoded from its revert data: the built-in <c>Error(string)</c> and
/// <c>Panic(uint256)</c>, or a custom error of a contract. Data that fits none has no <see cref="Name"/>.
/// </summary>
public sealed class RevertReason
{
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;
    private const uint NestedSelector = 0xf00364b1;
    private const int NestingMax = 4;

    private RevertReason(ReadOnlyMemory<byte> data, string? name, object? error, string text, string? hint)
    {
        Data = data;
        Name = name;
        Error = error;
        Text = text;
        Hint = hint;
    }

    /// <summary>The revert data as the node gave it.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>"Error", "Panic" or the custom error's name; null when the data fits none.</summary>
    public string? Name { get; }

    /// <summary>
    /// The custom error with its arguments, as an object of its type; null for built-in errors, and when the
    /// data fits none.
    /// </summary>
    public object? Error { get; }

    /// <summary>
    /// The reason for a person: the message of an Error, the meaning of a Panic, else name and arguments.
    /// </summary>
    public string Text { get; }

    /// <summary>The usual cause of this error, in a few words; null when it is not known.</summary>
    public string? Hint { get; }

    /// <summary>
    /// Decodes revert data with these types of custom errors, then with those of all generated contracts;
    /// never throws.
    /// </summary>
    public static RevertReason Decode(
        ReadOnlyMemory<byte> data, params ReadOnlySpan<IReadOnlyList<Type>> errors) =>
        Decode(data, 0, errors);

    /// <summary>The text, and the hint in brackets where there is one.</summary>
    public override string ToString() => Hint is null ? Text : $"{Text} ({Hint})";

    private static RevertReason Decode(
        ReadOnlyMemory<byte> data, int depth, ReadOnlySpan<IReadOnlyList<Type>> errors)
    {
        if (data.Length < StrictDecoder.SelectorBytes)
        {
            return Unknown(data);
        }

        ReadOnlySpan<byte> rest = data.Span[StrictDecoder.SelectorBytes..];
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(data.Span);
        if (selector == ErrorSelector && TryDecode<TextArgument>(rest) is { } message)
        {
            string printable = JsonText.Printable(message.Value);
            return new RevertReason(data, "Error", null, printable, RevertHints.ForText(printable));
        }

        if (selector == PanicSelector && TryDecode<NumberArgument>(rest) is { } panic)
        {
            return new RevertReason(data, "Panic", null, PanicText(panic.Value), null);
        }

        if (selector == NestedSelector
            && depth < NestingMax
            && TryDecode<BytesArgument>(rest) is { } nested)
        {
            return FromNested(data, nested.Value, depth, errors);
        }

        foreach (IReadOnlyList<Type> types in errors)
        {
            string wanted = Convert.ToHexStringLower(data.Span[..StrictDecoder.SelectorBytes]);
            if (types.FirstOrDefault(type => KnownErrors.SelectorOf(type) == wanted) is { } type
                && FromError(data, type) is { } reason)
            {
                return reason;
            }
        }

        return KnownErrors.Find(data.Span[..StrictDecoder.SelectorBytes]) is { } known
            ? FromError(data, known) ?? Unknown(data)
            : Unknown(data);
    }

    private static RevertReason? FromError(ReadOnlyMemory<byte> data, Type type)
    {
        if (StrictDecoder.TryDecode(type, data.Span[StrictDecoder.SelectorBytes..]) is not { } error)
        {
            return null;
        }

        string name = ErrorAttribute.GetAttribute(type).Name;
        string text = JsonText.Printable($"{name}({AbiText.OfParts(error)})");
        return new RevertReason(data, name, error, text, RevertHints.ForError(name));
    }

    // A module's ExecutionFailed declares a text and carries the revert data of the call within.
    private static RevertReason FromNested(
        ReadOnlyMemory<byte> data, byte[] innerData, int depth, ReadOnlySpan<IReadOnlyList<Type>> errors)
    {
        RevertReason inner = Decode(innerData, depth + 1, errors);
        string text = JsonText.Printable($"ExecutionFailed: {inner.Text}");
        return new RevertReason(
            data, "ExecutionFailed", null, text, inner.Hint ?? RevertHints.ForError("ExecutionFailed"));
    }

    private static RevertReason Unknown(ReadOnlyMemory<byte> data)
    {
        string text = data.IsEmpty
            ? "reverted without a reason"
            : "unknown revert data " + JsonText.Printable(Hex.Format(data.Span));
        return new RevertReason(data, null, null, text, null);
    }

    private static T? TryDecode<T>(ReadOnlySpan<byte> data)
        where T : class => StrictDecoder.TryDecode(typeof(T), data) as T;

    // The codes that the Solidity compiler puts into its own checks.
    private static string PanicText(BigInteger code) => code <= 0x51 ? (int)code switch
    {
        0x01 => "Panic(0x01): assertion failed",
        0x11 => "Panic(0x11): arithmetic overflow or underflow",
        0x12 => "Panic(0x12): division by zero",
        0x21 => "Panic(0x21): no such enum value",
        0x22 => "Panic(0x22): storage byte array wrongly encoded",
        0x31 => "Panic(0x31): pop from an empty array",
        0x32 => "Panic(0x32): index out of bounds",
        0x41 => "Panic(0x41): too much memory",
        0x51 => "Panic(0x51): call of an unset function",
        _ => $"Panic({Hex.FormatQuantity(code)})",
    }
    : $"Panic({Hex.FormatQuantity(code)})";

    private sealed record TextArgument
    {
        [Parameter("string", "", 1)]
        public string Value { get; set; } = "";
    }

    private sealed record NumberArgument
    {
        [Parameter("uint256", "", 1)]
        public BigInteger Value { get; set; }
    }

    private sealed record BytesArgument
    {
        [Parameter("bytes", "", 1)]
        public byte[] Value { get; set; } = [];
    }
}
