using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// Devices, pipes and sockets with a name: what is written to them goes through, and a file that took their
/// place would destroy them.
/// </summary>
internal static class SpecialFile
{
    private const int RetryMilliseconds = 20;

    private static readonly TimeSpan ReaderWaitMax = TimeSpan.FromSeconds(10);

    /// <summary>Whether a name stands for one, perhaps by way of links.</summary>
    public static bool Is(string path) => OperatingSystem.IsLinux() && Posix.IsSpecialFile(path);

    /// <summary>Opens one to write to it.</summary>
    /// <exception cref="IOException">
    /// It cannot be opened, or it is a pipe that nobody opens to read within 10 seconds.
    /// </exception>
    public static FileStream OpenToWrite(string path)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            int descriptor = Posix.Open(path, Posix.WriteOnly | Posix.NonBlocking | Posix.CloseOnExec);
            if (descriptor >= 0)
            {
                _ = Posix.SetBlocking(descriptor);
                return new FileStream(
                    new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
            }

            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (error != Posix.ErrorNoReader)
            {
                throw new IOException(Posix.ErrorText(error));
            }

            if (watch.Elapsed > ReaderWaitMax)
            {
                throw new IOException("It is a pipe, and nobody reads from it.");
            }

            Thread.Sleep(RetryMilliseconds);
        }
    }
}
