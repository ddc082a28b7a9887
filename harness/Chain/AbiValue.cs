using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>
/// A value to encode, or one that was decoded: an integer, a truth value, an address, bytes, a text, or a
/// list of values (an array or a tuple). C# values convert by themselves, so that a call reads
/// <c>abi.Function("loadLocalData").Encode(1, context, word, 32, 0)</c>. Values do not change.
/// </summary>
public sealed class AbiValue : IEquatable<AbiValue>
{
    private readonly object _value;

    private AbiValue(object value)
    {
        _value = value;
    }

    /// <summary>A number.</summary>
    public static implicit operator AbiValue(int value) => FromInteger(value);

    /// <summary>A number.</summary>
    public static implicit operator AbiValue(ulong value) => FromInteger(value);

    /// <summary>A number.</summary>
    public static implicit operator AbiValue(BigInteger value) => FromInteger(value);

    /// <summary>A truth value.</summary>
    public static implicit operator AbiValue(bool value) => FromBoolean(value);

    /// <summary>An address.</summary>
    public static implicit operator AbiValue(Address value) => FromAddress(value);

    /// <summary>32 bytes.</summary>
    public static implicit operator AbiValue(Bytes32 value) => new(new ReadOnlyMemory<byte>(value.ToArray()));

    /// <summary>Bytes; the array is not copied.</summary>
    public static implicit operator AbiValue(byte[] value) => FromBytes(value);

    /// <summary>Bytes; the memory is not copied.</summary>
    public static implicit operator AbiValue(ReadOnlyMemory<byte> value) => FromBytes(value);

    /// <summary>A text.</summary>
    public static implicit operator AbiValue(string value) => FromText(value);

    /// <summary>An array or a tuple.</summary>
    public static implicit operator AbiValue(AbiValue[] values) => FromList(values);

    /// <summary>Makes a number; its range is checked when it is encoded.</summary>
    public static AbiValue FromInteger(BigInteger value) => new(value);

    /// <summary>Makes a truth value.</summary>
    public static AbiValue FromBoolean(bool value) => new(value);

    /// <summary>Makes an address.</summary>
    public static AbiValue FromAddress(Address value) => new(value);

    /// <summary>Makes a byte string over this memory, for bytes and bytesN.</summary>
    public static AbiValue FromBytes(ReadOnlyMemory<byte> value) => new(value);

    /// <summary>Makes a text.</summary>
    public static AbiValue FromText(string value) => new(value);

    /// <summary>Makes an array or a tuple.</summary>
    public static AbiValue FromList(IReadOnlyList<AbiValue> values) => new(values);

    /// <summary>The number; throws <see cref="ChainException"/> when the value is no number.</summary>
    public BigInteger AsInteger() => As<BigInteger>("a number");

    /// <summary>The truth value; throws <see cref="ChainException"/> when the value is none.</summary>
    public bool AsBoolean() => As<bool>("true or false");

    /// <summary>The address; throws <see cref="ChainException"/> when the value is none.</summary>
    public Address AsAddress() => As<Address>("an address");

    /// <summary>The bytes; throws <see cref="ChainException"/> when the value is no byte string.</summary>
    public ReadOnlyMemory<byte> AsBytes() => As<ReadOnlyMemory<byte>>("a byte string");

    /// <summary>
    /// The 32 bytes of a bytes32; throws <see cref="ChainException"/> when the value is none.
    /// </summary>
    public Bytes32 AsBytes32() => new(AsBytes().Span);

    /// <summary>The text; throws <see cref="ChainException"/> when the value is none.</summary>
    public string AsText() => As<string>("a text");

    /// <summary>The parts; throws <see cref="ChainException"/> when the value is no array or tuple.</summary>
    public IReadOnlyList<AbiValue> AsList() =>
        _value as IReadOnlyList<AbiValue> ?? throw Mismatch("a list");

    /// <summary>Equal when both are of one shape with equal contents.</summary>
    public bool Equals(AbiValue? other) => other is not null && (_value, other._value) switch
    {
        (ReadOnlyMemory<byte> mine, ReadOnlyMemory<byte> theirs) => mine.Span.SequenceEqual(theirs.Span),
        (IReadOnlyList<AbiValue> mine, IReadOnlyList<AbiValue> theirs) => mine.SequenceEqual(theirs),
        _ => _value.Equals(other._value),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AbiValue);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// The value for a person: numbers in decimal, bytes in hexadecimal, texts in quotes, lists in
    /// brackets.
    /// </summary>
    public override string ToString() => _value switch
    {
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        ReadOnlyMemory<byte> bytes => Hex.Format(bytes.Span),
        string text => "\"" + JsonRpcError.Printable(text) + "\"",
        IReadOnlyList<AbiValue> list => "[" + string.Join(", ", list) + "]",
        _ => _value.ToString() ?? "",
    };

    private T As<T>(string wanted) => _value is T value ? value : throw Mismatch(wanted);

    private ChainException Mismatch(string wanted) =>
        new(ChainFailure.Abi, $"{wanted} was due where the value is {JsonRpcError.Printable(ToString())}.");
}
