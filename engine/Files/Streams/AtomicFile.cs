using System.Security.Cryptography;
using Culverin.Primitives;

namespace Culverin.Files.Streams;

/// <summary>
/// Writes a file so that its name only ever stands for a whole file: the content goes to a temporary file in
/// the same folder, which is renamed over the name at the end. Devices and pipes are written to as they are.
/// </summary>
/// <remarks>
/// The mode becomes 0755 less the umask, as the reference's files have. There is no fsync, as in the
/// reference: a killed process leaves the old file, but after a loss of power a file of the last seconds may
/// be incomplete. All these files can be computed again, and a sync would cost a snapshot many times its own
/// time.
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
    private const int AttemptsMax = 3;

    /// <summary>
    /// For programs, as their first act: a write beyond the limit of the size of files (ulimit -f) is refused
    /// like any other that the system does not allow, and does not end the process.
    /// </summary>
    public static void SurviveSizeLimit()
    {
        if (!OperatingSystem.IsWindows())
        {
            Posix.IgnoreSignal(Posix.SignalFileSize);
        }
    }

    /// <summary>Writes a file whole or, on any error, not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content; may throw, then the temporary file is removed.</param>
    /// <param name="beforeNamed">
    /// What must have been done before the content gets its name, such as writing a file that belongs to it;
    /// may throw like <paramref name="write"/>. Null for nothing.
    /// </param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, <see cref="ErrorCode.InvalidArgument"/>, or what
    /// <paramref name="write"/> throws.
    /// </exception>
    public static void Write(string path, Action<Stream> write, Action? beforeNamed = null)
    {
        FileErrors.RequireUsableName(path);
        try
        {
            if (SpecialFile.Is(path))
            {
                // Renaming over it would replace it: the reference, run as root, so destroys /dev/null.
                using FileStream special = SpecialFile.OpenToWrite(path);
                using var buffered = new BufferedStream(special, BufferSizeBytes);
                write(buffered);
                buffered.Flush();
                beforeNamed?.Invoke();
            }
            else
            {
                Replace(path, write, beforeNamed);
            }
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(path, "written", error);
        }
    }

    private static void Replace(string path, Action<Stream> write, Action? beforeNamed)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))
            ?? throw new IOException("It is a folder.");
        StaleFiles.Sweep(folder);
        (FileStream created, string temporary, IDisposable registration) = Create(folder);
        using IDisposable leftover = registration;
        using FileStream file = created;
        try
        {
            write(file);
            file.Flush();
            beforeNamed?.Invoke();

            // Before it is closed, since an open file is a sign of life to those who sweep.
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static (FileStream File, string Name, IDisposable Leftover) Create(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = BufferSizeBytes,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        for (int attempt = 1; ; attempt++)
        {
            // The name does not contain the final one, so that the longest legal names work too.
            string random = Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomSizeBytes));
            string temporary = Path.Combine(folder, $".culverin-{random}.tmp");
            try
            {
                return Leftovers.Make(() => (
                    new FileStream(temporary, options),
                    temporary,
                    Leftovers.Register(() => Remove(temporary))));
            }
            catch (IOException) when (attempt < AttemptsMax)
            {
                // Who sweeps may have met the file after it was made and before it was locked.
            }
        }
    }

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
