using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// Pipes with a name, and other files without places, where a name should be that of an ordinary file:
/// opening one waits for ever where nobody writes.
/// </summary>
public static class NamedPipe
{
    /// <summary>Refuses a pipe where a file is needed that can be read at any place.</summary>
    /// <exception cref="IOException">It is a pipe.</exception>
    public static void Refuse(string path)
    {
        using SafeFileHandle? handle = TryOpen(path);
        if (handle is not null)
        {
            throw new IOException("It is a pipe, and a file is needed that can be read at any place.");
        }
    }

    internal static SafeFileHandle? TryOpen(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        int descriptor = Posix.Open(path, Posix.NonBlocking | Posix.CloseOnExec);
        if (descriptor < 0)
        {
            // Whoever opens it the ordinary way gets the same error with better words.
            return null;
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (!Posix.CanSeek(descriptor))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }
}
