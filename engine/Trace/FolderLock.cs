using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using Culverin.Files;

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
        string path = Path.Combine(folder, Name);
        var watch = Stopwatch.StartNew();
        try
        {
            _ = Directory.CreateDirectory(folder);
            while (true)
            {
                try
                {
                    return new FileStream(
                        path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
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
