using System;
using System.IO;

namespace Culverin.Files;

/// <summary>The errors of opening, reading and writing, as opposed to those of a file's content.</summary>
internal static class FileErrors
{
    /// <summary>Whether an exception means that the operating system refused something.</summary>
    public static bool IsAccess(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The error that says so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="verb">"read" or "written".</param>
    /// <param name="error">What the operating system said.</param>
    public static CulverinException Access(string path, string verb, Exception error) => new(
        ErrorCode.FileAccess, $"The file \"{path}\" cannot be {verb}: {error.Message}", error);

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
