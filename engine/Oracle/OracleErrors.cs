namespace Culverin.Oracle;

/// <summary>Sentences that several pre-image sources share.</summary>
internal static class OracleErrors
{
    /// <summary>A pre-image is larger than the options allow.</summary>
    public static CulverinException TooLong(ReadOnlySpan<byte> key, ulong lengthBytes, OracleOptions options)
    {
        return new CulverinException(ErrorCode.LimitExceeded,
            $"The pre-image of {PreimageKey.Text(key)} is said to have {lengthBytes} bytes, "
            + $"but at most {options.PreimageBytesMax} are allowed.");
    }

    /// <summary>A file could not be used.</summary>
    public static CulverinException File(string path, string what, Exception cause)
    {
        // .NET says of EFBIG that an argument is wrong.
        string why = cause is ArgumentOutOfRangeException ? "the file is too large." : cause.Message;
        return new CulverinException(ErrorCode.FileAccess, $"Cannot {what} '{path}': {why}", cause);
    }

    /// <summary>
    /// Whether an exception is what the file system throws for a path that it cannot serve.
    /// </summary>
    public static bool IsFileError(Exception error)
    {
        return error is System.IO.IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException;
    }
}
