using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// Lays parts of files over reserved memory, so that their bytes are read when they are touched and copied
/// when they are written. Linux with host pages of 4096 bytes only; elsewhere callers read files instead.
/// </summary>
/// <remarks>
/// A mapped file must stay as it is: one that is cut short kills the process that touches the lost part, and
/// one that is written over changes what was checked before. So only files are mapped that nobody but this
/// user and root can write. Renaming another file over the name does no harm.
/// </remarks>
public static unsafe partial class FileMapping
{
    /// <summary>What offsets and lengths must be multiples of.</summary>
    public const int UnitBytes = 4096;

    private const int ProtectionReadWrite = 3;
    private const int MapPrivateFixed = 0x12;
    private const int MapNoReserve = 0x4000;
    private const int AtEmptyPath = 0x1000;
    private const uint WantTypeModeOwner = 0x0b;
    private const int StatusSizeBytes = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int WritableByOthers = 0x12;
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether a file may be mapped here: it is regular and nobody else can change it.</summary>
    public static bool IsSafe(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux() || Environment.SystemPageSize != UnitBytes)
        {
            return false;
        }

        // SAFETY: the structure has 256 bytes on every architecture.
        byte* status = stackalloc byte[StatusSizeBytes];
        try
        {
            if (Statx(file, "", AtEmptyPath, WantTypeModeOwner, status) != 0)
            {
                return false;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library: what cannot be asked is not known to be safe.
            return false;
        }

        uint owner = *(uint*)(status + OwnerOffset);
        int mode = *(ushort*)(status + ModeOffset);
        bool isOurs = owner == 0 || owner == GetEffectiveUser();
        return isOurs && (mode & WritableByOthers) == 0 && (mode & TypeMask) == RegularFile;
    }

    /// <summary>Replaces what is mapped at an address by a private view of a file.</summary>
    /// <param name="file">A file that <see cref="IsSafe"/>; it may be closed afterwards.</param>
    /// <param name="offsetBytes">Where in the file; a multiple of <see cref="UnitBytes"/>.</param>
    /// <param name="target">A multiple of it too, inside memory that the caller has reserved.</param>
    /// <param name="lengthBytes">How much; all of it inside the file and the reserved memory.</param>
    /// <returns>False when the host refuses; the memory is then as before.</returns>
    public static bool TryMap(SafeFileHandle file, long offsetBytes, byte* target, nuint lengthBytes) =>
        Mmap(
            (nint)target, lengthBytes, ProtectionReadWrite, MapPrivateFixed | MapNoReserve, file,
            (nint)offsetBytes) == (nint)target;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Mmap(
        nint address, nuint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(
        SafeFileHandle folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
