using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Culverin.Abi.Types;

namespace Culverin.Abi;

/// <summary>
/// Takes arguments over from C and hands results back. Everything here refuses null by
/// <see cref="MisuseException"/>.
/// </summary>
internal static unsafe class Arguments
{
    // SAFETY: pointers are null, which is refused, or valid for the size that comes with them, which is the
    // header's contract.

    /// <summary>Refuses a null pointer.</summary>
    public static void Require(void* pointer, string name)
    {
        if (pointer is null)
        {
            throw new MisuseException($"{name} is null.");
        }
    }

    /// <summary>Bytes and their size; null is no bytes if the size says so too.</summary>
    public static ReadOnlySpan<byte> Bytes(byte* bytes, nuint size, string name)
    {
        if (size > int.MaxValue)
        {
            throw new MisuseException($"{name} has {size} bytes, more than {int.MaxValue}.");
        }

        if (size > 0)
        {
            Require(bytes, name);
        }

        return new ReadOnlySpan<byte>(bytes, (int)size);
    }

    /// <summary>A string that must be there.</summary>
    public static string Text(sbyte* text, string name)
    {
        Require(text, name);
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>A string or null.</summary>
    public static string? OptionalText(sbyte* text) => Marshal.PtrToStringUTF8((nint)text);

    /// <summary>
    /// Copies a growable struct whose first field is its size: an older caller's lacks fields, which are
    /// zero; in a newer one's the fields unknown here must be zero.
    /// </summary>
    public static T Struct<T>(T* source, string name)
        where T : unmanaged
    {
        Require(source, name);
        nuint size = *(nuint*)source;
        if (size < (nuint)sizeof(nuint) || size > ushort.MaxValue)
        {
            throw new MisuseException($"{name} has a struct_size of {size}.");
        }

        T copy = default;
        nuint known = Math.Min(size, (nuint)sizeof(T));
        Unsafe.CopyBlockUnaligned(&copy, source, (uint)known);
        for (nuint at = known; at < size; at++)
        {
            if (((byte*)source)[at] != 0)
            {
                throw new CulverinException(
                    ErrorCode.InvalidArgument, $"{name} uses fields that this version does not know.");
            }
        }

        return copy;
    }

    /// <summary>Fills as much of a growable struct as the caller's version has.</summary>
    public static void Return<T>(T* target, T value, string name)
        where T : unmanaged
    {
        Require(target, name);
        nuint size = *(nuint*)target;
        if (size < (nuint)sizeof(nuint) || size > ushort.MaxValue)
        {
            throw new MisuseException($"{name} has a struct_size of {size}.");
        }

        *(nuint*)&value = size;
        Unsafe.CopyBlockUnaligned(target, &value, (uint)Math.Min(size, (nuint)sizeof(T)));
    }

    /// <summary>Fills a buffer, or tells how large it must be.</summary>
    public static Status Return(byte* buffer, nuint size, nuint* length, ReadOnlySpan<byte> content)
    {
        Require(length, "length");
        *length = (nuint)content.Length;
        if (size < (nuint)content.Length)
        {
            return Boundary.TooSmall((nuint)content.Length, size);
        }

        if (content.Length > 0)
        {
            Require(buffer, "buffer");
            content.CopyTo(new Span<byte>(buffer, content.Length));
        }

        return Status.Ok;
    }

    /// <summary>Fills a buffer with text and a zero; the length is without it.</summary>
    public static Status ReturnText(sbyte* buffer, nuint size, nuint* length, string text)
    {
        Require(length, "length");
        int count = Encoding.UTF8.GetByteCount(text);
        *length = (nuint)count;
        if (size <= (nuint)count)
        {
            return Boundary.TooSmall((nuint)count + 1, size);
        }

        Require(buffer, "buffer");
        _ = Encoding.UTF8.GetBytes(text, new Span<byte>(buffer, count));
        buffer[count] = 0;
        return Status.Ok;
    }

    /// <summary>Hands back 32 bytes.</summary>
    public static void ReturnHash(byte* target, ReadOnlySpan<byte> hash)
    {
        Require(target, "hash");
        hash.CopyTo(new Span<byte>(target, HashSizeBytes));
    }

    /// <summary>Bytes of a hash or key.</summary>
    public const int HashSizeBytes = 32;
}
