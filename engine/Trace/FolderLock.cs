using System.Diagnostics;
using Culverin.Files.Streams;

namespace Culverin.Trace;

/// <summary>
/// Keeps other processes out of a folder. The operating system ends the lock with the process, however that
/// ends.
/// </summary>
internal static class FolderLock
{
    private const string Name = "lock";
    private const int RetryMilliseconds = 20;

    /// <summary>Makes the folder if need be and locks it; the lock ends when the file is closed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wait">How long to wait for another process.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static FileStream Take(string folder, TimeSpan wait)
    {
        FileErrors.RequireUsableName(folder);
        if (File.Exists(folder))
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"\"{folder}\" is a file; a trace is kept in a folder.");
        }

        try
        {
            _ = Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(folder, "used", error);
        }

        return Take(folder, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, wait);
    }

    /// <summary>
    /// Locks a folder that cannot be written against those who can, if they have ever used it.
    /// </summary>
    /// <returns>Null when there is nothing to lock.</returns>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static FileStream? Share(string folder, TimeSpan wait) => WasTaken(folder)
        ? Take(folder, FileMode.Open, FileAccess.Read, FileShare.Read, wait)
        : null;

    /// <summary>Whether anybody has ever locked a folder.</summary>
    public static bool WasTaken(string folder) => File.Exists(Path.Combine(folder, Name));

    private static FileStream Take(
        string folder, FileMode mode, FileAccess access, FileShare share, TimeSpan wait)
    {
        string path = Path.Combine(folder, Name);
        var watch = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                try
                {
                    return new FileStream(path, mode, access, share, bufferSize: 0);
                }
                catch (IOException) when (File.Exists(path) && watch.Elapsed < wait)
                {
                    Thread.Sleep(RetryMilliseconds);
                }
            }
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The trace in \"{folder}\" is in use by another process.", error);
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(folder, "used", error);
        }
    }
}
