using System;
using System.IO;
using System.Security.Cryptography;

namespace Culverin.Files;

/// <summary>
/// Writes a file so that its name only ever stands for a whole file: the content goes to a temporary file in
/// the same folder, which is renamed over the name at the end.
/// </summary>
/// <remarks>
/// The mode becomes 0755, as the reference's files have. There is no fsync, as in the reference: a killed
/// process leaves the old file, but after a loss of power a file of the last seconds may be incomplete. All
/// these files can be computed again, and a sync would cost a snapshot many times its own time.
/// </remarks>
public static class AtomicFile
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Matches the temporary files that a killed process may leave behind.</summary>
    internal const string TemporaryPattern = ".culverin-*.tmp";

    private const int BufferSizeBytes = 1 << 18;
    private const int RandomSizeBytes = 8;

    /// <summary>Writes a file whole or, on any error, not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content; may throw, then the temporary file is removed.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, <see cref="ErrorCode.InvalidArgument"/>, or what
    /// <paramref name="write"/> throws.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        FileErrors.RequireUsableName(path);
        try
        {
            if (IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                write(device);
                device.Flush();
            }
            else
            {
                Replace(path, write);
            }
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(path, "written", error);
        }
    }

    private static void Replace(string path, Action<Stream> write)
    {
        // The name does not contain the final one, so that the longest legal names work too.
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))
            ?? throw new IOException("It is a folder.");
        string random = Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomSizeBytes));
        string temporary = Path.Combine(folder, $".culverin-{random}.tmp");
        FileStream file = Create(temporary);
        try
        {
            using (file)
            {
                write(file);
                file.Flush();
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static FileStream Create(string temporary)
    {
        FileStream file = new(
            temporary,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read | FileShare.Delete,
            BufferSizeBytes);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file.SafeFileHandle, Mode);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            Remove(temporary);
            throw;
        }
    }

    // Renaming over a device would replace it: the reference, run as root, so destroys /dev/null.
    private static bool IsDevice(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) is "/dev" or "/dev/fd" && File.Exists(path);

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            // The error that led here says more than this one.
        }
    }
}
