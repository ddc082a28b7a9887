using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Files.Streams;

/// <summary>
/// Removes temporary files of <see cref="AtomicFile"/> that killed processes have left. A living process
/// keeps its file open with a shared lock, which the operating system ends with the process; who gets the
/// exclusive one has found a leftover. That holds across containers and process ids too.
/// </summary>
internal static class StaleFiles
{
    /// <summary>Folders remembered at most; beyond, they are looked at again.</summary>
    private const int FoldersMax = 1024;

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Swept = [];

    /// <summary>Sweeps a folder, once in the life of this process. It never fails.</summary>
    public static void Sweep(string folder)
    {
        lock (Gate)
        {
            if (Swept.Count >= FoldersMax)
            {
                Swept.Clear();
            }

            if (!Swept.Add(folder))
            {
                return;
            }
        }

        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, AtomicFile.TemporaryPattern))
            {
                RemoveIfStale(path);
            }
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            // Whoever comes next to write here will say what is wrong with the folder.
        }
    }

    private static void RemoveIfStale(string path)
    {
        try
        {
            // .NET takes no lock for this sharing, and an exclusive one would not tell "in use" from a file
            // system without locks.
            using SafeFileHandle file = File.OpenHandle(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (OperatingSystem.IsWindows() || Posix.TryLockAlone(file))
            {
                File.Delete(path);
            }
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            // In use, another user's, or gone.
        }
    }
}
