using System.Runtime.InteropServices;

namespace Culverin.Primitives;

/// <summary>
/// A page-aligned range of zero-filled address space that costs host memory only where it is touched.
/// </summary>
/// <remarks>
/// On Unix an anonymous NORESERVE mapping. On Windows the range is committed, which counts against the page
/// file but is equally lazy in physical memory. Not thread-safe to dispose while in use.
/// </remarks>
internal sealed unsafe partial class ReservedMemory : IDisposable
{
    private const int ProtectionReadWrite = 3;
    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    private const int MapAnonymousLinux = 0x20;
    private const int MapAnonymousBsd = 0x1000;
    private const int MapNoReserveLinux = 0x4000;
    private const int MapNoReserveBsd = 0x40;
    private const int AdviseLargePages = 14;
    private const uint WindowsReserveAndCommit = 0x3000;
    private const uint WindowsDecommit = 0x4000;
    private const uint WindowsRelease = 0x8000;
    private const uint WindowsReadWrite = 4;

    // SAFETY: what the host gave for this range, until Release sets it to null.
    private byte* _start;

    /// <summary>Reserves a range.</summary>
    /// <param name="lengthBytes">Size in bytes; rounded up by the host to its page size.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/> when the host refuses.
    /// </exception>
    public ReservedMemory(ulong lengthBytes)
    {
        LengthBytes = checked((nuint)lengthBytes);
        _start = Map(null, LengthBytes);
    }

    /// <summary>Releases the range if <see cref="Dispose"/> was forgotten.</summary>
    ~ReservedMemory() => Release();

    /// <summary>First byte of the range; null after <see cref="Dispose"/>.</summary>
    public byte* Start => _start;

    /// <summary>Size of the range in bytes.</summary>
    public nuint LengthBytes { get; }

    /// <summary>Makes every byte zero again and gives the host memory behind them back.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/> when the host refuses.
    /// </exception>
    public void Clear()
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree((nint)_start, LengthBytes, WindowsDecommit);
        }

        _ = Map(_start, LengthBytes);
    }

    /// <summary>
    /// Says that a part of a range is about to be filled from end to end, so that the host may back it with
    /// large pages: one fault then stands for 512. Only a hint, and only Linux takes it.
    /// </summary>
    public static void WillBeFilled(byte* start, nuint lengthBytes)
    {
        // The call wants the beginning of a page, and host pages may be larger than the guest's.
        if (OperatingSystem.IsLinux() && (nuint)start % (nuint)Environment.SystemPageSize == 0)
        {
            _ = Madvise((nint)start, lengthBytes, AdviseLargePages);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Maps a range, in place of what is mapped there if an address is given.</summary>
    private static byte* Map(byte* address, nuint lengthBytes) =>
        OperatingSystem.IsWindows() ? MapWindows(address, lengthBytes) : MapUnix(address, lengthBytes);

    private static byte* MapUnix(byte* place, nuint lengthBytes)
    {
        bool linux = OperatingSystem.IsLinux();
        int flags = MapPrivate
            | (linux ? MapAnonymousLinux : MapAnonymousBsd)
            | (linux ? MapNoReserveLinux : MapNoReserveBsd)
            | (place == null ? 0 : MapFixed);
        nint address = Mmap((nint)place, lengthBytes, ProtectionReadWrite, flags, -1, 0);
        if (address == -1)
        {
            throw Refused(lengthBytes);
        }

        return (byte*)address;
    }

    private static byte* MapWindows(byte* place, nuint lengthBytes)
    {
        nint address = VirtualAlloc((nint)place, lengthBytes, WindowsReserveAndCommit, WindowsReadWrite);
        if (address == 0)
        {
            throw Refused(lengthBytes);
        }

        return (byte*)address;
    }

    private static CulverinException Refused(nuint lengthBytes) => new(
        ErrorCode.HostResource,
        $"The host refused to reserve {lengthBytes >> 20} MiB of address space "
            + $"(error {Marshal.GetLastPInvokeError()}); check ulimit -v and vm.overcommit_memory.");

    private void Release()
    {
        byte* start = _start;
        _start = null;
        if (start == null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree((nint)start, 0, WindowsRelease);
        }
        else
        {
            _ = Munmap((nint)start, LengthBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Mmap(
        nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Munmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree", SetLastError = true)]
    private static partial int VirtualFree(nint address, nuint size, uint type);
}
