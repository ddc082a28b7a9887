using System.Text.RegularExpressions;

namespace Culverin.Files.Streams;

/// <summary>The errors of opening, reading and writing, as opposed to those of a file's content.</summary>
internal static partial class FileErrors
{
    /// <summary>Whether an exception means that the operating system refused something.</summary>
    public static bool IsAccess(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException || IsTooLarge(error);

    // How .NET tells EFBIG: the limit of ulimit -f, or that of the file system.
    private static bool IsTooLarge(Exception error) =>
        error is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };

    /// <summary>The error that says so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="verb">"read" or "written".</param>
    /// <param name="error">What the operating system said.</param>
    public static CulverinException Access(string path, string verb, Exception error) => new(
        ErrorCode.FileAccess, $"The file \"{path}\" cannot be {verb}: {Why(path, error)}.", error);

    // The system says of a folder only that access is denied.
    private static string Why(string path, Exception error) =>
        Directory.Exists(path) ? "it is a folder" : Why(error);

    /// <summary>
    /// What the operating system refused, without the name that it was refused for, which may be that of a
    /// temporary file; without a full stop.
    /// </summary>
    public static string Why(Exception error) => error switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "access is denied",
        PathTooLongException => "the name is too long",
        _ when IsTooLarge(error) => "the file is too large for the file system or the limit of this process",
        _ => NamePart().Replace(error.Message, "").Trim().TrimEnd('.'),
    };

    [GeneratedRegex(@"\s*:?\s*'/[^']*'")]
    private static partial Regex NamePart();

    /// <summary>Refuses a name that no file can have.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static void RequireUsableName(string path)
    {
        if (path.Length == 0)
        {
            throw new CulverinException(ErrorCode.InvalidArgument, "The name of a file to read is empty.");
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, "The name of a file contains a zero character.");
        }
    }
}
