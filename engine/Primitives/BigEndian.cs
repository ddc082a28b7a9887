using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Culverin.Primitives;

/// <summary>Big-endian words in native memory; no alignment is needed.</summary>
internal static unsafe class BigEndian
{
    /// <summary>Reads a big-endian word (4 or 8 bytes, by type).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Read<TWord>(byte* source)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        // SAFETY: the caller owns sizeof(TWord) readable bytes at source.
        if (sizeof(TWord) == sizeof(uint))
        {
            return TWord.CreateTruncating(ReadUInt32(source));
        }

        return TWord.CreateTruncating(ReadUInt64(source));
    }

    /// <summary>Writes a big-endian word (4 or 8 bytes, by type).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TWord>(byte* target, TWord value)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        // SAFETY: the caller owns sizeof(TWord) writable bytes at target.
        if (sizeof(TWord) == sizeof(uint))
        {
            WriteUInt32(target, uint.CreateTruncating(value));
        }
        else
        {
            WriteUInt64(target, ulong.CreateTruncating(value));
        }
    }

    /// <summary>Reads 2 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16(byte* source) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(source));

    /// <summary>Reads 4 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32(byte* source) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(source));

    /// <summary>Reads 8 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64(byte* source) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(source));

    /// <summary>Writes 2 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt16(byte* target, ushort value) =>
        Unsafe.WriteUnaligned(target, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Writes 4 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt32(byte* target, uint value) =>
        Unsafe.WriteUnaligned(target, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Writes 8 big-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt64(byte* target, ulong value) =>
        Unsafe.WriteUnaligned(target, BinaryPrimitives.ReverseEndianness(value));
}
