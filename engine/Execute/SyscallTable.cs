using System.Collections.Generic;
using System.Linq;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>System calls by their Linux name; the numbers depend on the word size.</summary>
public enum SyscallName
{
    /// <summary>Not in the table.</summary>
    Unknown,

    /// <summary>Known, answers 0, does nothing.</summary>
    NoOperation,

    /// <summary>Reserves address space.</summary>
    Mmap,

    /// <summary>Answers the constant program break.</summary>
    Brk,

    /// <summary>Starts a thread; answers 1 in single-threaded versions.</summary>
    Clone,

    /// <summary>Ends the program.</summary>
    ExitGroup,

    /// <summary>Reads from a descriptor.</summary>
    Read,

    /// <summary>Writes to a descriptor.</summary>
    Write,

    /// <summary>Asks for descriptor flags.</summary>
    Fcntl,

    /// <summary>Ends the thread.</summary>
    Exit,

    /// <summary>Answers the thread's number.</summary>
    Gettid,

    /// <summary>Ends the thread's turn.</summary>
    SchedYield,

    /// <summary>Ends the thread's turn.</summary>
    Nanosleep,

    /// <summary>Waits for, or wakes waiters of, an address.</summary>
    Futex,

    /// <summary>Fails: there are no files.</summary>
    Open,

    /// <summary>Answers a time derived from the step counter.</summary>
    ClockGettime,

    /// <summary>Writes bytes derived from the step counter.</summary>
    Getrandom,

    /// <summary>Gives the event descriptor.</summary>
    Eventfd2,
}

/// <summary>One system call of one state version.</summary>
/// <param name="Linux">Its Linux name.</param>
/// <param name="Name">What the kernel does.</param>
/// <param name="Number">Its number in r2.</param>
/// <param name="Summary">What it does, in one line.</param>
public sealed record SyscallEntry(string Linux, SyscallName Name, uint Number, string Summary);

/// <summary>
/// The system calls each version knows (VM-SPEC section 7). Others answer 0 without error in single-threaded
/// versions and panic in multithreaded ones.
/// </summary>
public static class SyscallTable
{
    private const uint NoNumber = 0;

    private static readonly Row[] Always =
    [
        new("read", SyscallName.Read, 4003, 5000),
        new("write", SyscallName.Write, 4004, 5001),
        new("brk", SyscallName.Brk, 4045, 5012),
        new("fcntl", SyscallName.Fcntl, 4055, 5070),
        new("mmap", SyscallName.Mmap, 4090, 5009),
        new("clone", SyscallName.Clone, 4120, 5055),
        new("exit_group", SyscallName.ExitGroup, 4246, 5205),
    ];

    private static readonly Row[] Threaded =
    [
        new("exit", SyscallName.Exit, 4001, 5058),
        new("open", SyscallName.Open, 4005, 5002),
        new("getpid", SyscallName.NoOperation, 4020, 5038),
        new("sched_yield", SyscallName.SchedYield, 4162, 5023),
        new("nanosleep", SyscallName.Nanosleep, 4166, 5034),
        new("gettid", SyscallName.Gettid, 4222, 5178),
        new("futex", SyscallName.Futex, 4238, 5194),
        new("clock_gettime", SyscallName.ClockGettime, 4263, 5222),
        new("munmap", SyscallName.NoOperation, 4091, 5011),
        new("sched_getaffinity", SyscallName.NoOperation, 4240, 5196),
        new("madvise", SyscallName.NoOperation, 4218, 5027),
        new("rt_sigprocmask", SyscallName.NoOperation, 4195, 5014),
        new("sigaltstack", SyscallName.NoOperation, 4206, 5129),
        new("rt_sigaction", SyscallName.NoOperation, 4194, 5013),
        new("prlimit64", SyscallName.NoOperation, 4338, 5297),
        new("close", SyscallName.NoOperation, 4006, 5003),
        new("pread64", SyscallName.NoOperation, 4200, 5016),
        new("stat", SyscallName.NoOperation, 4106, 5004),
        new("fstat", SyscallName.NoOperation, 4108, 5005),
        new("fstat64", SyscallName.NoOperation, 4215, NoNumber),
        new("stat64", SyscallName.NoOperation, 4213, NoNumber),
        new("llseek", SyscallName.NoOperation, 4140, NoNumber),
        new("openat", SyscallName.NoOperation, 4288, 5247),
        new("readlink", SyscallName.NoOperation, 4085, 5087),
        new("readlinkat", SyscallName.NoOperation, 4298, 5257),
        new("ioctl", SyscallName.NoOperation, 4054, 5015),
        new("epoll_create1", SyscallName.NoOperation, 4326, 5285),
        new("pipe2", SyscallName.NoOperation, 4328, 5287),
        new("epoll_ctl", SyscallName.NoOperation, 4249, 5208),
        new("epoll_pwait", SyscallName.NoOperation, 4313, 5272),
        new("uname", SyscallName.NoOperation, 4122, 5061),
        new("getuid", SyscallName.NoOperation, 4024, 5100),
        new("getgid", SyscallName.NoOperation, 4047, 5102),
        new("mincore", SyscallName.NoOperation, 4217, 5026),
        new("tgkill", SyscallName.NoOperation, 4266, 5225),
        new("getrlimit", SyscallName.NoOperation, 4076, 5095),
        new("lseek", SyscallName.NoOperation, 4019, 5008),
        new("setitimer", SyscallName.NoOperation, 4104, 5036),
        new("timer_create", SyscallName.NoOperation, 4257, 5216),
        new("timer_settime", SyscallName.NoOperation, 4258, 5217),
        new("timer_delete", SyscallName.NoOperation, 4261, 5220),
    ];

    /// <summary>The calls of a version, ascending by number.</summary>
    public static IReadOnlyList<SyscallEntry> Of(FeatureSet features)
    {
        SyscallName random = features.HasGetrandom ? SyscallName.Getrandom : SyscallName.NoOperation;
        IEnumerable<Row> rows = Always;
        if (features.HasThreads)
        {
            rows = rows.Concat(Threaded)
                .Append(new Row("getrandom", random, 4353, 5313));
        }

        if (features.HasEventDescriptor)
        {
            rows = rows.Append(new Row("eventfd2", SyscallName.Eventfd2, NoNumber, 5284));
        }

        if (features.HasMprotect)
        {
            rows = rows.Append(new Row("mprotect", SyscallName.NoOperation, NoNumber, 5010));
        }

        return
        [
            .. rows
                .Select(row => new SyscallEntry(
                    row.Linux,
                    row.Name,
                    features.WordBits == 32 ? row.Number32 : row.Number64,
                    SummaryOf(row.Name)))
                .Where(entry => entry.Number != NoNumber)
                .OrderBy(entry => entry.Number),
        ];
    }

    /// <summary>Numbers to actions for a version.</summary>
    public static Dictionary<uint, SyscallName> NamesByNumber(FeatureSet features) =>
        Of(features).ToDictionary(entry => entry.Number, entry => entry.Name);

    private static string SummaryOf(SyscallName name) => name switch
    {
        SyscallName.NoOperation => "answers 0 without effect",
        SyscallName.Mmap => "moves the heap pointer, or answers the address asked for",
        SyscallName.Brk => "answers the constant program break",
        SyscallName.Clone => "starts a thread, or answers 1 where there are none",
        SyscallName.ExitGroup => "ends the program with the low 8 bits of the code",
        SyscallName.Read => "bytes from descriptor 0 (none), 3 (hint answer) or 5 (pre-image)",
        SyscallName.Write => "bytes to descriptor 1, 2 (output), 4 (hint) or 6 (pre-image key)",
        SyscallName.Fcntl => "F_GETFL, and F_GETFD except in version 0; other commands fail with EINVAL",
        SyscallName.Exit => "ends the thread with the low 8 bits of the code",
        SyscallName.Gettid => "answers the thread's number",
        SyscallName.SchedYield or SyscallName.Nanosleep => "ends the thread's turn",
        SyscallName.Futex => "FUTEX_WAIT_PRIVATE and FUTEX_WAKE_PRIVATE; other operations fail with EINVAL",
        SyscallName.Open => "fails with EBADF",
        SyscallName.ClockGettime => "time since step 0 at 10 MHz (monotonic), or 0 (real time)",
        SyscallName.Getrandom => "bytes that follow from the step counter, up to the end of the word",
        SyscallName.Eventfd2 => "answers descriptor 100 if non-blocking, else fails with EINVAL",
        _ => "unknown",
    };

    private sealed record Row(string Linux, SyscallName Name, uint Number32, uint Number64);
}
