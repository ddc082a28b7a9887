using System.Buffers.Binary;

namespace Culverin.Oracle;

/// <summary>
/// The 32 bytes of a pre-image key as a value that can index a dictionary. Words are big-endian.
/// </summary>
internal readonly record struct PreimageKey(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>The size of a key in bytes.</summary>
    public const int Bytes = 32;

    /// <summary>Reads a key; refuses any other length than 32 bytes with a typed error.</summary>
    public static PreimageKey From(ReadOnlySpan<byte> key)
    {
        Require(key);
        return new PreimageKey(
            BinaryPrimitives.ReadUInt64BigEndian(key),
            BinaryPrimitives.ReadUInt64BigEndian(key[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(key[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(key[24..]));
    }

    /// <summary>Refuses a span that is not 32 bytes long.</summary>
    public static void Require(ReadOnlySpan<byte> key)
    {
        if (key.Length != Bytes)
        {
            throw new CulverinException(ErrorCode.InvalidArgument,
                $"A pre-image key has 32 bytes, but {key.Length} were given.");
        }
    }

    /// <summary>The key for messages: 0x and 64 lower-case hex digits.</summary>
    public static string Text(ReadOnlySpan<byte> key) => "0x" + Convert.ToHexStringLower(key);
}
