using System.Runtime.InteropServices;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>
/// A flag that poll(2) can wait for: its descriptor is readable from the moment it is set, and stays so.
/// All members may be used from any thread; setting it after disposal does nothing.
/// </summary>
internal sealed class PosixEvent : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _handle;
    private volatile bool _isSet;
    private bool _isClosed;

    /// <summary>Makes an event that is not set.</summary>
    public PosixEvent()
    {
        int descriptor = Posix.EventDescriptor(0, Posix.CloseOnExec | Posix.NonBlocking);
        if (descriptor < 0)
        {
            throw Descriptor.Failure("make an event", Marshal.GetLastPInvokeError());
        }

        _handle = new SafeFileHandle(descriptor, true);
    }

    /// <summary>Whether the event was set.</summary>
    public bool IsSet => _isSet;

    /// <summary>A poll entry that waits for this event. The event must outlive the poll.</summary>
    public Posix.PollEntry Entry
    {
        get => new() { Descriptor = Descriptor.Number(_handle), Requested = Posix.PollIn };
    }

    /// <summary>Sets the event.</summary>
    public void Set()
    {
        _isSet = true;
        lock (_gate)
        {
            if (!_isClosed)
            {
                // The counter of an event descriptor takes eight bytes in the host's order; any value but
                // zero will do.
                ReadOnlySpan<byte> one = [1, 1, 1, 1, 0, 0, 0, 0];
                _ = Descriptor.Write(_handle, one);
            }
        }
    }

    /// <summary>Closes the descriptor.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _handle.Dispose();
        }
    }
}
