using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// Makes and uses raw pipe ends. All ends made here close themselves in programs that are started. Ends of
/// our side never block, so that every wait goes through poll(2) and can be cut short.
/// </summary>
internal static unsafe class Descriptor
{
    // Descriptors 0 to 6 get a meaning in the child. Sources at or above this number cannot be overwritten
    // while they are being put in place.
    private const int LowestChildSource = 10;

    /// <summary>Makes a pipe whose read end is ours and whose write end will be given to a child.</summary>
    public static (SafeFileHandle Ours, SafeFileHandle Child) PipeFromChild()
    {
        (SafeFileHandle read, SafeFileHandle write) = Pipe();
        return Prepare(read, write);
    }

    /// <summary>Makes a pipe whose write end is ours and whose read end will be given to a child.</summary>
    public static (SafeFileHandle Ours, SafeFileHandle Child) PipeToChild()
    {
        (SafeFileHandle read, SafeFileHandle write) = Pipe();
        return Prepare(write, read);
    }

    /// <summary>The number of a descriptor that its owner keeps open during the call.</summary>
    public static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>
    /// Reads what is there: a count, 0 at the end of the input, or minus the error number. Never waits.
    /// </summary>
    public static int Read(SafeFileHandle handle, Span<byte> buffer)
    {
        // SAFETY: the span stays pinned during the call and bounds the count.
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = Posix.Read(Number(handle), start, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error != Posix.ErrorInterrupted)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>
    /// Writes what there is room for: a count, or minus the error number. Never waits, and never raises
    /// SIGPIPE.
    /// </summary>
    /// <remarks>
    /// A .NET program ignores SIGPIPE, but an embedding program may have it kill the process. So the signal
    /// is held back in this thread during the write, and taken away if the write raised it.
    /// </remarks>
    public static int Write(SafeFileHandle handle, ReadOnlySpan<byte> data)
    {
        // SAFETY: each signal set has OpaqueBytes, more than the C library's 128; the span is pinned and
        // bounds the count; the mask is put back on the same thread before the method ends.
        byte* pipeSignal = stackalloc byte[Posix.OpaqueBytes];
        byte* previousMask = stackalloc byte[Posix.OpaqueBytes];
        byte* pending = stackalloc byte[Posix.OpaqueBytes];
        _ = Posix.SignalSetEmpty(pipeSignal);
        _ = Posix.SignalSetAdd(pipeSignal, Posix.SignalPipe);
        _ = Posix.SignalsPending(pending);
        bool wasPending = Posix.SignalSetHas(pending, Posix.SignalPipe) == 1;
        _ = Posix.ThreadSignalMask(Posix.MaskBlock, pipeSignal, previousMask);
        int result = WriteRaw(handle, data);
        if (result == -Posix.ErrorBrokenPipe && !wasPending)
        {
            // Both words of the time to wait are zero: take the signal if it is there.
            long* noTime = stackalloc long[2];
            noTime[0] = 0;
            noTime[1] = 0;
            _ = Posix.SignalTake(pipeSignal, null, noTime);
        }

        _ = Posix.ThreadSignalMask(Posix.MaskSet, previousMask, null);
        return result;
    }

    /// <summary>
    /// Waits until one of the entries has something to report or the time is over (negative: no limit).
    /// Returns the number of entries that report.
    /// </summary>
    public static int Poll(Span<Posix.PollEntry> entries, int timeoutMilliseconds)
    {
        // SAFETY: the span stays pinned during the call and bounds the count.
        fixed (Posix.PollEntry* start = entries)
        {
            int count = Posix.Poll(start, (nuint)entries.Length, timeoutMilliseconds);
            if (count >= 0)
            {
                return count;
            }

            int error = Marshal.GetLastPInvokeError();
            // After an interruption the caller works out the time that is left and comes back.
            return error == Posix.ErrorInterrupted ? 0 : throw Failure("wait for a pipe", error);
        }
    }

    /// <summary>The error for a system call that failed for want of a resource.</summary>
    public static CulverinException Failure(string what, int error)
    {
        return new CulverinException(ErrorCode.HostResource,
            $"The system could not {what}: {Posix.ErrorText(error)} (error {error}).");
    }

    private static int WriteRaw(SafeFileHandle handle, ReadOnlySpan<byte> data)
    {
        // SAFETY: the span stays pinned during the call and bounds the count.
        fixed (byte* start = data)
        {
            while (true)
            {
                nint count = Posix.Write(Number(handle), start, (nuint)data.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error != Posix.ErrorInterrupted)
                {
                    return -error;
                }
            }
        }
    }

    private static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        // SAFETY: pipe2 fills exactly two ints.
        int* ends = stackalloc int[2];
        if (Posix.Pipe(ends, Posix.CloseOnExec) != 0)
        {
            throw Failure("make a pipe", Marshal.GetLastPInvokeError());
        }

        return (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
    }

    private static (SafeFileHandle Ours, SafeFileHandle Child) Prepare(
        SafeFileHandle ours, SafeFileHandle childs)
    {
        using (childs)
        {
            int moved = Posix.DuplicateAbove(Number(childs), LowestChildSource);
            if (moved >= 0 && Posix.SetNonBlocking(Number(ours)))
            {
                return (ours, new SafeFileHandle(moved, true));
            }

            int error = Marshal.GetLastPInvokeError();
            ours.Dispose();
            if (moved >= 0)
            {
                new SafeFileHandle(moved, true).Dispose();
            }

            throw Failure("set up a pipe", error);
        }
    }
}
