using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// A named pipe, or another file without places, opened for reading. Opening one the ordinary way waits for
/// ever where nobody writes; here that ends with an error after a while. A writer that is there may take its
/// time.
/// </summary>
internal sealed class NamedPipeStream : ReadOnlyStream
{
    private const int RetryMilliseconds = 20;
    private static readonly TimeSpan WriterTime = TimeSpan.FromSeconds(10);

    private readonly SafeFileHandle _handle;
    private byte? _first;

    private NamedPipeStream(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a pipe by its name.</summary>
    /// <returns>Null when the name is not that of a pipe, or on another system than Linux.</returns>
    /// <exception cref="IOException">Nobody writes into the pipe.</exception>
    public static NamedPipeStream? TryOpen(string path)
    {
        SafeFileHandle? handle = NamedPipe.TryOpen(path);
        if (handle is null)
        {
            return null;
        }

        var pipe = new NamedPipeStream(handle);
        try
        {
            pipe.AwaitWriter(IsOfOurStart(path) ? TimeSpan.Zero : WriterTime);
            return pipe;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (!buffer.IsEmpty && _first is { } first)
        {
            _first = null;
            buffer[0] = first;
            return 1;
        }

        int count = Descriptor.Read(_handle, buffer);
        return count >= 0 ? count : throw new IOException(Posix.ErrorText(-count), -count);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handle.Dispose();
        }

        base.Dispose(disposing);
    }

    // Such as /dev/fd/63 of a shell's <(...): who writes into it was there before us, or comes never.
    private static bool IsOfOurStart(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal)
            || path.StartsWith("/proc/", StringComparison.Ordinal);

    // Without waiting, a read from a pipe that nobody has open for writing is its end, and one from a pipe
    // that somebody has is "nothing yet".
    private void AwaitWriter(TimeSpan longest)
    {
        var watch = Stopwatch.StartNew();
        Span<byte> first = stackalloc byte[1];
        while (true)
        {
            int count = Descriptor.Read(_handle, first);
            if (count != 0)
            {
                _first = count > 0 ? first[0] : null;
                _ = Posix.SetBlocking(Descriptor.Number(_handle));
                return;
            }

            if (watch.Elapsed > longest)
            {
                throw new IOException($"It is a pipe that nobody writes into ({longest.TotalSeconds} s).");
            }

            Thread.Sleep(RetryMilliseconds);
        }
    }
}
