using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Primitives;

/// <summary>
/// The C library calls that descriptors, terminals and child processes need, with the constants of Linux
/// (the same on x86-64 and arm64, glibc and musl). Calls that report by errno set the last P/Invoke error.
/// </summary>
internal static unsafe partial class Posix
{
    // SAFETY: every pointer is to memory that the caller keeps in place during the call, of the size that the
    // function's manual asks for.
    /// <summary>A call was interrupted by a signal.</summary>
    public const int ErrorInterrupted = 4;

    /// <summary>A descriptor that does not block has nothing to give or take now.</summary>
    public const int ErrorAgain = 11;

    /// <summary>A pipe was opened to write without waiting, and nobody has it open to read.</summary>
    public const int ErrorNoReader = 6;

    /// <summary>Nobody reads the other end of a pipe.</summary>
    public const int ErrorBrokenPipe = 32;

    /// <summary>Descriptor flag for pipes: closed in programs that are started.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>
    /// Descriptor flag: reads and writes return <see cref="ErrorAgain"/> instead of waiting.
    /// </summary>
    public const int NonBlocking = 0x800;

    /// <summary>Descriptor flag: it is only written to.</summary>
    public const int WriteOnly = 1;

    /// <summary>Poll condition: there is something to read.</summary>
    public const short PollIn = 1;

    /// <summary>Poll condition: there is room to write.</summary>
    public const short PollOut = 4;

    /// <summary>Interrupt, as from the keyboard: the polite signal.</summary>
    public const int SignalInterrupt = 2;

    /// <summary>The signal that no process survives.</summary>
    public const int SignalKill = 9;

    /// <summary>Raised by a write to a pipe that nobody reads.</summary>
    public const int SignalPipe = 13;

    /// <summary>Raised by a write that makes a file larger than the process may.</summary>
    public const int SignalFileSize = 25;

    /// <summary>Spawn attribute: the child begins a process group of its own.</summary>
    public const short SpawnOwnGroup = 0x02;

    /// <summary>Spawn attribute: the named signals start with their default action.</summary>
    public const short SpawnDefaultSignals = 0x04;

    /// <summary>Spawn attribute: the child starts with the given signal mask.</summary>
    public const short SpawnSignalMask = 0x08;

    /// <summary>
    /// Bytes that hold any of the C library's opaque spawn and signal structures, with room to spare.
    /// </summary>
    public const int OpaqueBytes = 512;

    /// <summary>pthread_sigmask: add signals to the mask.</summary>
    public const int MaskBlock = 0;

    /// <summary>pthread_sigmask: replace the mask.</summary>
    public const int MaskSet = 2;

    /// <summary>waitid: a single process by its id.</summary>
    public const int WaitById = 1;

    /// <summary>waitid: ended processes.</summary>
    public const int WaitExited = 4;

    /// <summary>waitid: leave the process in the table.</summary>
    public const int WaitWithoutReaping = 0x01000000;

    private const string Library = "libc";
    private const int WriteAccess = 2;
    private const int WorkingFolder = -100;
    private const uint StatusOfType = 1;
    private const int StatusSizeBytes = 256;
    private const int StatusModeIndex = 14;
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;
    private const int TypeRegular = 0x8000;
    private const int GetWindowSize = 0x5413;
    private const int SeekCurrent = 1;
    private const int GetDescriptorFlags = 1;
    private const int DescriptorCloseOnExec = 1;
    private const int LockExclusiveNoWait = 2 | 4;
    private const int SetFlags = 4;
    private const int DuplicateCloseOnExec = 1030;
    private const nint IgnoreHandler = 1;

    /// <summary>One descriptor to wait for, as poll(2) lays it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        /// <summary>The descriptor; a negative one is ignored.</summary>
        public int Descriptor;

        /// <summary>The conditions asked for.</summary>
        public short Requested;

        /// <summary>The conditions that hold, errors included.</summary>
        public short Returned;
    }

    /// <summary>Has a signal do nothing in this process.</summary>
    public static void IgnoreSignal(int signal) => _ = SetSignal(signal, IgnoreHandler);

    /// <summary>The text of an error number, for messages.</summary>
    public static string ErrorText(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>Makes later reads and writes of this open file return instead of waiting.</summary>
    public static bool SetNonBlocking(int descriptor) => Control(descriptor, SetFlags, NonBlocking) != -1;

    /// <summary>Makes later reads and writes of this open file wait.</summary>
    public static bool SetBlocking(int descriptor) => Control(descriptor, SetFlags, 0) != -1;

    /// <summary>Whether a descriptor's file can be read at any place.</summary>
    public static bool CanSeek(int descriptor) => Seek(descriptor, 0, SeekCurrent) != -1;

    /// <summary>Whether a name stands for something that is neither an ordinary file nor a folder.</summary>
    public static bool IsSpecialFile(string path)
    {
        // The one form of stat whose layout is the same everywhere: the mode is 16 bits at byte 28.
        ushort* status = stackalloc ushort[StatusSizeBytes / sizeof(ushort)];
        return ExtendedStatus(WorkingFolder, path, 0, StatusOfType, status) == 0
            && (status[StatusModeIndex] & TypeMask) is not (TypeFolder or TypeRegular);
    }

    /// <summary>Whether this user may make and remove files in a folder.</summary>
    public static bool CanWrite(string folder) => Access(folder, WriteAccess) == 0;

    /// <summary>The columns of a terminal; 0 when they are not known or it is none.</summary>
    public static int TerminalColumns(int descriptor)
    {
        // Rows, columns, and both again in pixels.
        ushort* size = stackalloc ushort[4];
        return InputOutputControl(descriptor, GetWindowSize, size) == 0 ? size[1] : 0;
    }

    /// <summary>
    /// Locks a file exclusively without waiting; false when anybody has it locked or it cannot be locked.
    /// </summary>
    public static bool TryLockAlone(SafeFileHandle file) => Lock(file, LockExclusiveNoWait) == 0;

    /// <summary>Whether a descriptor's number stands for an open file.</summary>
    public static bool IsOpen(int descriptor) => Control(descriptor, GetDescriptorFlags, 0) != -1;

    /// <summary>
    /// Whether a descriptor is open and would be so in programs that are started, as one must be that this
    /// program was started with.
    /// </summary>
    public static bool IsInherited(int descriptor)
    {
        int flags = Control(descriptor, GetDescriptorFlags, 0);
        return flags != -1 && (flags & DescriptorCloseOnExec) == 0;
    }

    /// <summary>
    /// Duplicates a descriptor to the lowest free number from <paramref name="lowest"/> up.
    /// </summary>
    public static int DuplicateAbove(int descriptor, int lowest)
    {
        return Control(descriptor, DuplicateCloseOnExec, lowest);
    }

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint countBytes);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint countBytes);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void ExitNow(int exitCode);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, byte* information, int options);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitProcess(int processId, int* status, int options);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    public static partial int SignalSetEmpty(byte* set);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    public static partial int SignalSetFill(byte* set);

    [LibraryImport(Library, EntryPoint = "sigaddset")]
    public static partial int SignalSetAdd(byte* set, int signal);

    [LibraryImport(Library, EntryPoint = "sigismember")]
    public static partial int SignalSetHas(byte* set, int signal);

    [LibraryImport(Library, EntryPoint = "sigpending")]
    public static partial int SignalsPending(byte* set);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int ThreadSignalMask(int how, byte* set, byte* previous);

    [LibraryImport(Library, EntryPoint = "sigtimedwait")]
    public static partial int SignalTake(byte* set, byte* information, long* timeout);

    [LibraryImport(Library, EntryPoint = "posix_spawnp")]
    public static partial int Spawn(
        int* processId, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int SpawnActionsInit(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int SpawnActionsDestroy(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int SpawnActionsDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int SpawnActionsOpen(byte* actions, int target, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnAttributesFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SpawnAttributesDefaults(byte* attributes, byte* set);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SpawnAttributesMask(byte* attributes, byte* set);

    [LibraryImport(
        Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    private static partial nint Seek(int descriptor, nint offset, int whence);

    [LibraryImport(
        Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExtendedStatus(int folder, string path, int flags, uint mask, ushort* status);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int InputOutputControl(int descriptor, nuint request, ushort* value);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int value);

    [LibraryImport(Library, EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint handler);
}
