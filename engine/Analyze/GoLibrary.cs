using Culverin.Guest;

namespace Culverin.Analyze;

/// <summary>
/// What is known of Go's runtime and standard library, releases 1.19 to 1.25, that cannot be seen in the code
/// of one function: ways that are never taken here, and answers that it copes with.
/// </summary>
internal sealed class GoLibrary
{
    private const string SignalHandler = "runtime.sighandler";
    private const string CallOnAllThreads = "runtime.runPerThreadSyscall";
    private const string AskerOfAllThreads = "syscall.runtime_doAllThreadsSyscall";

    /// <summary>
    /// Functions of these prefixes are the runtime, which copes with calls that do nothing.
    /// </summary>
    private static readonly string[] RuntimePrefixes =
        ["runtime.", "runtime/internal/syscall.", "internal/runtime/syscall."];

    /// <summary>Package initialisers that raise the limit of open files if the two limits differ.</summary>
    private static readonly string[] InitializersOfLimits = ["os.init.", "syscall.init."];

    /// <summary>How Go looks for the file of a time zone; it copes with an empty one.</summary>
    private static readonly string[] ReadersOfTimeZones =
        ["time.open", "time.read", "time.preadn", "time.closefd"];

    private static readonly string[] SettersOfLimits =
        ["syscall.Setrlimit", "syscall.setrlimit", "syscall.setrlimit1"];

    /// <summary>
    /// Functions whose address always stands in a variable, and the functions that read the variable: without
    /// them nobody calls it.
    /// </summary>
    private static readonly (string Function, string[] Users)[] OnlyThroughVariables =
    [
        ("syscall.mmap", ["syscall.(*mmapper).Mmap"]),
        ("syscall.munmap", ["syscall.(*mmapper).Munmap"]),
        (
            "os.checkPidfd",
            ["os.StartProcess", "os.startProcess", "os.FindProcess", "os.findProcess", "os.pidfdFind"]
        ),
    ];

    private readonly HashSet<string> _names;

    /// <summary>For one program.</summary>
    public GoLibrary(ElfFile elf) => _names = [.. elf.Functions.Select(function => function.Name)];

    /// <summary>Whether a function belongs to the runtime.</summary>
    public static bool IsRuntime(string function) => Array.Exists(
        RuntimePrefixes, prefix => function.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// Why a function of Go's library is not led astray by a system call without effect; null where nothing
    /// is known.
    /// </summary>
    /// <returns>A sentence without its end.</returns>
    public static string? ReasonToTolerate(string function) => function switch
    {
        "syscall.Getrlimit" or "syscall.getrlimit" =>
            "Go asks for the limit of open files when it starts, and leaves a limit of 0 as it is",
        "syscall.Uname" => "Go's library asks for Linux's version, and takes an empty answer for an old one",
        _ => null,
    };

    /// <summary>
    /// Whether one function never goes on to another here: no signals are delivered, and getrlimit answers
    /// equal limits.
    /// </summary>
    public bool IsLeftOut(string from, string to) =>
        from == SignalHandler
        || ReadersOfTimeZones.Contains(from)
        || (to == CallOnAllThreads && !_names.Contains(AskerOfAllThreads))
        || (SettersOfLimits.Contains(to) && Array.Exists(
            InitializersOfLimits, prefix => from.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>
    /// Whether a function's address stands in a variable that nothing in this program reads.
    /// </summary>
    public bool IsNeverCalledBack(string function)
    {
        (string Function, string[] Users)? known = Array.Find(
            OnlyThroughVariables, entry => entry.Function == function);
        return known is { Users: { } users } && !Array.Exists(users, _names.Contains);
    }
}
