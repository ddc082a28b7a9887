using System.Globalization;
using Culverin.Execute;
using Culverin.Oracle;

namespace Culverin.Cli.Commands.Run;

/// <summary>
/// When to stop after a step that read a pre-image: the reference's --stop-at-preimage, -type and
/// -larger-than, with its rules for combining them. Immutable.
/// </summary>
internal sealed class PreimageStop
{
    private const int KeySizeBytes = 32;
    private const int PartCountMax = 3;

    private readonly bool _any;
    private readonly byte[] _keyPrefix;
    private readonly ulong _offset;
    private readonly ulong _minimumStep;
    private readonly ulong _largerThanBytes;

    private PreimageStop(bool any, byte[] keyPrefix, ulong offset, ulong minimumStep, ulong largerThanBytes)
    {
        _any = any;
        _keyPrefix = keyPrefix;
        _offset = offset;
        _minimumStep = minimumStep;
        _largerThanBytes = largerThanBytes;
    }

    /// <summary>Whether reads must be looked at.</summary>
    public bool IsActive => _any || _keyPrefix.Length > 0 || _largerThanBytes > 0;

    /// <summary>Reads the three flags; a given key makes the type unimportant.</summary>
    /// <param name="key">Hex key prefix, perhaps with @offset and @first-step; null when not given.</param>
    /// <param name="type">local, keccak, sha256, blob, precompile, any or nothing.</param>
    /// <param name="largerThanBytes">Size to be exceeded, with the 8-byte length prefix; 0 for any.</param>
    public static PreimageStop Parse(string? key, string type, ulong largerThanBytes)
    {
        if (key is null)
        {
            return type == "any"
                ? new PreimageStop(true, [], 0, 0, largerThanBytes)
                : new PreimageStop(false, PrefixOfType(type), 0, 0, largerThanBytes);
        }

        string[] parts = key.Split('@');
        if (parts.Length > PartCountMax)
        {
            throw Invalid($"--stop-at-preimage \"{key}\" has more parts than key@offset@step");
        }

        return new PreimageStop(
            false,
            ParsePrefix(parts[0]),
            ParsePart(parts, 1, key),
            ParsePart(parts, 2, key),
            largerThanBytes);
    }

    /// <summary>Whether to stop after a step.</summary>
    /// <param name="read">What the step read.</param>
    /// <param name="step">The step counter before it.</param>
    public bool Matches(PreimageRead read, ulong step)
    {
        if (_any)
        {
            return true;
        }

        ulong sizeBytes = (ulong)read.Value.Length + PreimageRead.PrefixSizeBytes;
        bool isLarge = _largerThanBytes != 0 && sizeBytes > _largerThanBytes;
        if (_keyPrefix.Length == 0)
        {
            return isLarge;
        }

        // With a size the reference looks at neither offset nor step.
        return read.Key.AsSpan().StartsWith(_keyPrefix)
            && (_largerThanBytes != 0 ? isLarge : read.Offset == _offset && step >= _minimumStep);
    }

    private static byte[] PrefixOfType(string type) => type switch
    {
        "" => [],
        "local" => [(byte)PreimageKeyType.Local],
        "keccak" => [(byte)PreimageKeyType.Keccak256],
        "sha256" => [(byte)PreimageKeyType.Sha256],
        "blob" => [(byte)PreimageKeyType.Blob],
        "precompile" => [(byte)PreimageKeyType.Precompile],
        _ => throw Invalid(
            $"--stop-at-preimage-type \"{type}\" is none of local, keccak, sha256, blob, precompile, any"),
    };

    private static byte[] ParsePrefix(string text)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        digits = digits.Length % 2 == 0 ? digits : "0" + digits;
        try
        {
            byte[] prefix = Convert.FromHexString(digits);
            return prefix.Length <= KeySizeBytes
                ? prefix
                : throw Invalid($"--stop-at-preimage has {prefix.Length} bytes; keys have {KeySizeBytes}");
        }
        catch (FormatException)
        {
            throw Invalid($"--stop-at-preimage \"{text}\" is not a hexadecimal key");
        }
    }

    private static ulong ParsePart(string[] parts, int index, string whole)
    {
        if (index >= parts.Length)
        {
            return 0;
        }

        return ulong.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw Invalid($"--stop-at-preimage \"{whole}\" has \"{parts[index]}\" where a number must be");
    }

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");
}
