using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace Culverin.Harness.Chain;

/// <summary>
/// Reads values in the contract ABI's encoding. The data is hostile: every offset, length and padding is
/// checked, and no byte may be read more than a canonical encoding would, so that overlapping parts cannot
/// make a short input decode to a huge value.
/// </summary>
public static class AbiDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>
    /// Decodes the parts of a tuple type: the outputs of a call or the arguments of an error. Bytes behind
    /// the last part are ignored. Throws <see cref="ChainException"/> when the data is not such an
    /// encoding.
    /// </summary>
    public static IReadOnlyList<AbiValue> Decode(AbiType tuple, ReadOnlyMemory<byte> data)
    {
        Input input = new(data);
        return ReadParts(input, tuple, tuple.Components.Count, 0);
    }

    private static AbiValue[] ReadParts(Input input, AbiType type, int count, int start)
    {
        long headBytes = type.Element is null ? type.InlineBytes : (long)count * type.Element.HeadBytes;
        input.CheckRoom(start, headBytes);
        AbiValue[] values = new AbiValue[count];
        int head = start;
        for (int index = 0; index < count; index++)
        {
            AbiType part = type.PartAt(index);
            values[index] = part.IsDynamic
                ? ReadDynamic(input, part, input.Offset(start, input.Word(head)))
                : ReadStatic(input, part, head);
            head += part.HeadBytes;
        }

        return values;
    }

    private static AbiValue ReadDynamic(Input input, AbiType type, int position)
    {
        switch (type.Kind)
        {
            case AbiKind.DynamicBytes:
                return input.Bytes(position);
            case AbiKind.Text:
                return Text(input.Bytes(position).Span);
            case AbiKind.DynamicArray:
                int count = input.Length(input.Word(position));
                return ReadParts(input, type, count, position + AbiType.WordBytes);
            default:
                int parts = type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size;
                return ReadParts(input, type, parts, position);
        }
    }

    private static AbiValue ReadStatic(Input input, AbiType type, int position)
    {
        if (type.Kind is AbiKind.Tuple or AbiKind.FixedArray)
        {
            AbiValue[] values = new AbiValue[type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size];
            for (int index = 0; index < values.Length; index++)
            {
                AbiType part = type.PartAt(index);
                values[index] = ReadStatic(input, part, position);
                position += part.HeadBytes;
            }

            return values;
        }

        ReadOnlyMemory<byte> word = input.Word(position);
        ReadOnlySpan<byte> bytes = word.Span;
        switch (type.Kind)
        {
            case AbiKind.UnsignedInteger:
                Require(Same(bytes[..^(type.Size / 8)], 0), type);
                return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            case AbiKind.SignedInteger:
                byte sign = (bytes[^(type.Size / 8)] & 0x80) == 0 ? (byte)0 : (byte)0xff;
                Require(Same(bytes[..^(type.Size / 8)], sign), type);
                return new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
            case AbiKind.Address:
                Require(Same(bytes[..^Address.SizeBytes], 0), type);
                return new Address(bytes[^Address.SizeBytes..]);
            case AbiKind.Boolean:
                Require(Same(bytes[..^1], 0) && bytes[^1] <= 1, type);
                return bytes[^1] == 1;
            default:
                Require(Same(bytes[type.Size..], 0), type);
                return word[..type.Size];
        }
    }

    private static bool Same(ReadOnlySpan<byte> bytes, byte value) => !bytes.ContainsAnyExcept(value);

    private static void Require(bool condition, AbiType type)
    {
        if (!condition)
        {
            throw new ChainException(
                ChainFailure.Abi, $"A word in the encoded data is out of the range of {type}.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new ChainException(
                ChainFailure.Abi, "A text in the encoded data is not valid UTF-8.", error);
        }
    }

    /// <summary>The data with bounds checks and the budget of words that may still be read.</summary>
    private sealed class Input
    {
        private readonly ReadOnlyMemory<byte> _data;
        private long _wordsLeft;

        internal Input(ReadOnlyMemory<byte> data)
        {
            _data = data;
            _wordsLeft = data.Length / AbiType.WordBytes;
        }

        internal ReadOnlyMemory<byte> Word(int position)
        {
            CheckRoom(position, AbiType.WordBytes);
            Spend(1);
            return _data.Slice(position, AbiType.WordBytes);
        }

        internal ReadOnlyMemory<byte> Bytes(int position)
        {
            int length = Length(Word(position));
            int padded = (length + AbiType.WordBytes - 1) / AbiType.WordBytes * AbiType.WordBytes;
            CheckRoom(position + AbiType.WordBytes, padded);
            Spend(padded / AbiType.WordBytes);
            ReadOnlyMemory<byte> bytes = _data.Slice(position + AbiType.WordBytes, padded);
            return Same(bytes.Span[length..], 0)
                ? bytes[..length]
                : throw new ChainException(
                    ChainFailure.Abi, "A byte string in the encoded data is not padded by zeros.");
        }

        /// <summary>
        /// The place that an offset word points to, counted from the start of its sequence.
        /// </summary>
        internal int Offset(int start, ReadOnlyMemory<byte> word)
        {
            int offset = Length(word);
            CheckRoom(start, offset);
            return start + offset;
        }

        /// <summary>A length or offset word; nothing longer than the data itself can be meant.</summary>
        internal int Length(ReadOnlyMemory<byte> word)
        {
            BigInteger value = new(word.Span, isUnsigned: true, isBigEndian: true);
            return value <= _data.Length ? (int)value : throw Beyond();
        }

        internal void CheckRoom(int position, long count)
        {
            if (position + count > _data.Length)
            {
                throw Beyond();
            }
        }

        private void Spend(int words)
        {
            _wordsLeft -= words;
            if (_wordsLeft < 0)
            {
                throw new ChainException(ChainFailure.Abi, "Parts of the encoded data overlap.");
            }
        }

        private static ChainException Beyond() =>
            new(ChainFailure.Abi, "The encoded data is too short, or an offset or length points beyond it.");
    }
}
