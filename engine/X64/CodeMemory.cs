using System.Runtime.InteropServices;

namespace Culverin.X64;

/// <summary>
/// Memory for generated code, mapped twice: once writable, once executable, never both. Costs host memory
/// only where it is touched.
/// </summary>
/// <remarks>
/// Linux only: a memfd with two shared mappings. Hardened hosts may refuse it, and other systems need other
/// calls; <see cref="TryCreate"/> then returns null and callers do without generated code.
/// </remarks>
internal sealed unsafe partial class CodeMemory : IDisposable
{
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int ProtectionExecute = 4;
    private const int MapShared = 1;
    private const uint CloseOnExec = 1;

    // SAFETY: two views of the same LengthBytes, from TryCreate until Release sets them to null.
    private byte* _writable;
    private byte* _executable;

    private CodeMemory(byte* writable, byte* executable, int lengthBytes)
    {
        _writable = writable;
        _executable = executable;
        LengthBytes = lengthBytes;
    }

    /// <summary>Releases the mappings if <see cref="Dispose"/> was forgotten.</summary>
    ~CodeMemory() => Release();

    /// <summary>Where code is written.</summary>
    public byte* Writable => _writable;

    /// <summary>Where the same bytes are executed.</summary>
    public byte* Executable => _executable;

    /// <summary>Size in bytes.</summary>
    public int LengthBytes { get; }

    /// <summary>Maps memory for code.</summary>
    /// <param name="lengthBytes">Size in bytes, a multiple of 4096.</param>
    /// <param name="refusal">Why it cannot be had, in words for a log line; null if it can.</param>
    /// <returns>Null if the host refuses.</returns>
    public static CodeMemory? TryCreate(int lengthBytes, out string? refusal)
    {
        if (!OperatingSystem.IsLinux())
        {
            refusal = "generated code is supported on Linux only";
            return null;
        }

        int file = MemfdCreate("culverin-code", CloseOnExec);
        if (file < 0)
        {
            refusal = $"memfd_create failed with error {Marshal.GetLastPInvokeError()}";
            return null;
        }

        try
        {
            return Map(file, lengthBytes, out refusal);
        }
        finally
        {
            _ = Close(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static CodeMemory? Map(int file, int lengthBytes, out string? refusal)
    {
        nuint length = (nuint)lengthBytes;
        if (Ftruncate(file, lengthBytes) != 0)
        {
            refusal = $"ftruncate failed with error {Marshal.GetLastPInvokeError()}";
            return null;
        }

        nint executable = Mmap(0, length, ProtectionRead | ProtectionExecute, MapShared, file, 0);
        if (executable == -1)
        {
            refusal = $"the host refuses executable memory (error {Marshal.GetLastPInvokeError()})";
            return null;
        }

        nint writable = Mmap(0, length, ProtectionRead | ProtectionWrite, MapShared, file, 0);
        if (writable == -1)
        {
            refusal = $"the host refuses memory for code (error {Marshal.GetLastPInvokeError()})";
            _ = Munmap(executable, length);
            return null;
        }

        refusal = null;
        return new CodeMemory((byte*)writable, (byte*)executable, lengthBytes);
    }

    private void Release()
    {
        byte* writable = _writable;
        byte* executable = _executable;
        _writable = null;
        _executable = null;
        if (writable != null)
        {
            _ = Munmap((nint)writable, (nuint)LengthBytes);
            _ = Munmap((nint)executable, (nuint)LengthBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Ftruncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Mmap(
        nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Munmap(nint address, nuint length);
}
