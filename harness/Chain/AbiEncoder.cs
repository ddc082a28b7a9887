using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace Culverin.Harness.Chain;

/// <summary>
/// Writes values in the contract ABI's encoding. Offsets are canonical: the parts behind the head follow each
/// other without gaps, in order, which contracts that read calldata at fixed places rely on.
/// </summary>
public static class AbiEncoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>
    /// Encodes the parts of a tuple type: the arguments of a call, without selector. Throws
    /// <see cref="ChainException"/> when a value does not suit its type.
    /// </summary>
    public static byte[] Encode(AbiType tuple, IReadOnlyList<AbiValue> values) => Encode([], tuple, values);

    /// <summary>
    /// The same behind <paramref name="prefix"/>: a selector, or the creation code of a contract.
    /// </summary>
    public static byte[] Encode(ReadOnlySpan<byte> prefix, AbiType tuple, IReadOnlyList<AbiValue> values)
    {
        Output output = new(prefix.Length + tuple.InlineBytes + 1024);
        prefix.CopyTo(output.Extend(prefix.Length));
        WriteParts(output, tuple, values);
        return output.ToArray();
    }

    // Appends the heads of all parts, and behind them the parts that have offsets.
    private static void WriteParts(Output output, AbiType type, IReadOnlyList<AbiValue> values)
    {
        CheckCount(type, values);
        int start = output.Length;
        int head = start;
        int headBytes = type.Element is { } element
            ? checked(values.Count * element.HeadBytes)
            : type.InlineBytes;
        output.Extend(headBytes);
        for (int index = 0; index < values.Count; index++)
        {
            AbiType part = type.PartAt(index);
            if (part.IsDynamic)
            {
                output.WriteWord(head, output.Length - start);
                WriteDynamic(output, part, values[index]);
            }
            else
            {
                WriteStatic(output, head, part, values[index]);
            }

            head += part.HeadBytes;
        }
    }

    private static void CheckCount(AbiType type, IReadOnlyList<AbiValue> values)
    {
        int expected = type.Kind switch
        {
            AbiKind.Tuple => type.Components.Count,
            AbiKind.FixedArray => type.Size,
            _ => values.Count,
        };
        if (values.Count != expected)
        {
            throw new ChainException(
                ChainFailure.Abi, $"{type} takes {expected} values, and {values.Count} were given.");
        }
    }

    private static void WriteDynamic(Output output, AbiType type, AbiValue value)
    {
        switch (type.Kind)
        {
            case AbiKind.DynamicBytes:
                WriteBytes(output, value.AsBytes().Span);
                break;
            case AbiKind.Text:
                WriteBytes(output, Utf8(value.AsText()));
                break;
            case AbiKind.DynamicArray:
                IReadOnlyList<AbiValue> values = value.AsList();
                output.AppendWord(values.Count);
                WriteParts(output, type, values);
                break;
            default:
                WriteParts(output, type, value.AsList());
                break;
        }
    }

    private static void WriteBytes(Output output, ReadOnlySpan<byte> bytes)
    {
        output.AppendWord(bytes.Length);
        int padded = checked(bytes.Length + AbiType.WordBytes - 1) / AbiType.WordBytes * AbiType.WordBytes;
        bytes.CopyTo(output.Extend(padded));
    }

    private static void WriteStatic(Output output, int position, AbiType type, AbiValue value)
    {
        Span<byte> word = output.At(position);
        switch (type.Kind)
        {
            case AbiKind.UnsignedInteger:
            case AbiKind.SignedInteger:
                WriteInteger(word, type, value.AsInteger());
                break;
            case AbiKind.Address:
                value.AsAddress().CopyTo(word[(AbiType.WordBytes - Address.SizeBytes)..]);
                break;
            case AbiKind.Boolean:
                word[AbiType.WordBytes - 1] = value.AsBoolean() ? (byte)1 : (byte)0;
                break;
            case AbiKind.FixedBytes:
                ReadOnlySpan<byte> bytes = value.AsBytes().Span;
                if (bytes.Length != type.Size)
                {
                    throw new ChainException(ChainFailure.Abi, $"{type} cannot hold {bytes.Length} bytes.");
                }

                bytes.CopyTo(word);
                break;
            default:
                WriteStaticParts(output, position, type, value.AsList());
                break;
        }
    }

    private static void WriteStaticParts(
        Output output, int position, AbiType type, IReadOnlyList<AbiValue> values)
    {
        CheckCount(type, values);
        for (int index = 0; index < values.Count; index++)
        {
            AbiType part = type.PartAt(index);
            WriteStatic(output, position, part, values[index]);
            position += part.HeadBytes;
        }
    }

    private static void WriteInteger(Span<byte> word, AbiType type, BigInteger value)
    {
        bool signed = type.Kind == AbiKind.SignedInteger;
        BigInteger limit = BigInteger.One << (signed ? type.Size - 1 : type.Size);
        if (value >= limit || value < (signed ? -limit : BigInteger.Zero))
        {
            throw new ChainException(ChainFailure.Abi, $"{type} cannot hold {value}.");
        }

        word = word[..AbiType.WordBytes];
        word.Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        bool isUnsigned = value.Sign >= 0;
        int count = value.GetByteCount(isUnsigned);
        value.TryWriteBytes(word[(AbiType.WordBytes - count)..], out _, isUnsigned, isBigEndian: true);
    }

    private static byte[] Utf8(string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ChainException(
                ChainFailure.Abi, "A text with half a surrogate pair has no UTF-8 form.", error);
        }
    }

    /// <summary>A growing byte buffer that also takes words at earlier places; new bytes are zero.</summary>
    private sealed class Output
    {
        private byte[] _bytes;

        internal Output(int capacity)
        {
            _bytes = new byte[capacity];
        }

        internal int Length { get; private set; }

        internal Span<byte> Extend(int count)
        {
            int end = checked(Length + count);
            if (end > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(end, (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
            }

            Span<byte> added = _bytes.AsSpan(Length, count);
            Length = end;
            return added;
        }

        internal Span<byte> At(int position) => _bytes.AsSpan(position);

        internal void WriteWord(int position, int value) =>
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(position + AbiType.WordBytes - 4), value);

        internal void AppendWord(int value)
        {
            int position = Length;
            Extend(AbiType.WordBytes);
            WriteWord(position, value);
        }

        internal byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();
    }
}
