using Culverin.Versions;

namespace Culverin.Execute;

/// <content>
/// The calls: a row each with its Linux name, its numbers with 32-bit (o32) and 64-bit (n64) words, which
/// versions have it, what it does in words, and what does it.
/// </content>
internal sealed partial class Kernel<TWord, TAccess>
{
    private const uint None = 0;

    private static readonly Row[] Rows =
    [
        new("read", 4003, 5000, Always, "bytes from descriptor 0 (none), 3 (hint answer) or 5 (pre-image)",
            static (kernel, ref port, a) => kernel.Read(ref port, a.First, a.Second, a.Third)),
        new("write", 4004, 5001, Always, "bytes to descriptor 1, 2 (output), 4 (hint) or 6 (pre-image key)",
            static (kernel, ref port, a) => kernel.Write(ref port, a.First, a.Second, a.Third)),
        new("brk", 4045, 5012, Always, "answers the constant program break",
            static (kernel, ref port, a) => kernel.Brk(ref port)),
        new("fcntl", 4055, 5070, Always,
            "F_GETFL, and F_GETFD except in version 0; other commands fail with EINVAL",
            static (kernel, ref port, a) => kernel.Fcntl(ref port, a.First, a.Second)),
        new("mmap", 4090, 5009, Always, "moves the heap pointer, or answers the address asked for",
            static (kernel, ref port, a) => kernel.Mmap(ref port, a.First, a.Second)),
        new("clone", 4120, 5055, Always, "starts a thread, or answers 1 where there are none",
            static (kernel, ref port, a) => Clone(ref port, a.First, a.Second)),
        new("exit_group", 4246, 5205, Always, "ends the program with the low 8 bits of the code",
            static (kernel, ref port, a) => ExitGroup(ref port, a.First)),
        new("exit", 4001, 5058, Threads, "ends the thread with the low 8 bits of the code",
            static (kernel, ref port, a) => ExitThread(ref port, a.First)),
        new("open", 4005, 5002, Threads, "fails with EBADF",
            static (kernel, ref port, a) => kernel.Fail(ref port, Errno.BadFileDescriptor)),
        new("sched_yield", 4162, 5023, Threads, "ends the thread's turn",
            static (kernel, ref port, a) => Yield(ref port)),
        new("nanosleep", 4166, 5034, Threads, "ends the thread's turn",
            static (kernel, ref port, a) => Yield(ref port)),
        new("gettid", 4222, 5178, Threads, "answers the thread's number",
            static (kernel, ref port, a) => Succeed(ref port, port.State.Threads!.Active.Id)),
        new("futex", 4238, 5194, Threads,
            "FUTEX_WAIT_PRIVATE and FUTEX_WAKE_PRIVATE; other operations fail with EINVAL",
            static (kernel, ref port, a) => kernel.Futex(ref port, a.First, a.Second, a.Third)),
        new("clock_gettime", 4263, 5222, Threads, "time since step 0 at 10 MHz (monotonic), or 0 (real time)",
            static (kernel, ref port, a) => kernel.ClockGettime(ref port, a.First, a.Second)),
        new("getrandom", 4353, 5313, set => set.HasGetrandom,
            "bytes that follow from the step counter, up to the end of the word",
            static (kernel, ref port, a) => Getrandom(ref port, a.First, a.Second)),
        new("eventfd2", 4325, 5284, set => set.HasEventDescriptor,
            "answers descriptor 100 if non-blocking, else fails with EINVAL",
            static (kernel, ref port, a) => kernel.CreateEventDescriptor(ref port, a.Second)),
        Idle("getpid", 4020, 5038, Threads),
        Idle("munmap", 4091, 5011, Threads),
        Idle("sched_getaffinity", 4240, 5196, Threads),
        Idle("madvise", 4218, 5027, Threads),
        Idle("rt_sigprocmask", 4195, 5014, Threads),
        Idle("sigaltstack", 4206, 5129, Threads),
        Idle("rt_sigaction", 4194, 5013, Threads),
        Idle("prlimit64", 4338, 5297, Threads),
        Idle("close", 4006, 5003, Threads),
        Idle("pread64", 4200, 5016, Threads),
        Idle("stat", 4106, 5004, Threads),
        Idle("fstat", 4108, 5005, Threads),
        Idle("fstat64", 4215, None, Threads),
        Idle("stat64", 4213, None, Threads),
        Idle("_llseek", 4140, None, Threads),
        Idle("openat", 4288, 5247, Threads),
        Idle("readlink", 4085, 5087, Threads),
        Idle("readlinkat", 4298, 5257, Threads),
        Idle("ioctl", 4054, 5015, Threads),
        Idle("epoll_create1", 4326, 5285, Threads),
        Idle("pipe2", 4328, 5287, Threads),
        Idle("epoll_ctl", 4249, 5208, Threads),
        Idle("epoll_pwait", 4313, 5272, Threads),
        Idle("uname", 4122, 5061, Threads),
        Idle("getuid", 4024, 5100, Threads),
        Idle("getgid", 4047, 5102, Threads),
        Idle("mincore", 4217, 5026, Threads),
        Idle("tgkill", 4266, 5225, Threads),
        Idle("getrlimit", 4076, 5095, Threads),
        Idle("lseek", 4019, 5008, Threads),
        Idle("setitimer", 4104, 5036, Threads),
        Idle("timer_create", 4257, 5216, Threads),
        Idle("timer_settime", 4258, 5217, Threads),
        Idle("timer_delete", 4261, 5220, Threads),
        Idle("getrandom", 4353, 5313, set => set.HasThreads && !set.HasGetrandom),
        Idle("mprotect", 4125, 5010, set => set.HasMprotect),
    ];

    // Does what a call does; true if the program counter is still to advance.
    private delegate bool Handler(
        Kernel<TWord, TAccess> kernel, ref StatePort<TWord, TAccess> port, Arguments arguments);

    /// <summary>The calls of a version, ascending by number.</summary>
    internal static SyscallEntry[] EntriesOf(FeatureSet features) =>
        [.. RowsOf(features).Select(row => row.EntryOf(features)).OrderBy(entry => entry.Number)];

    /// <summary>The numbers of a call with 32-bit and 64-bit words; 0 for none.</summary>
    internal static (uint Number32, uint Number64) NumbersOf(string name)
    {
        Row row = Rows.First(row => row.Name == name);
        return (row.Number32, row.Number64);
    }

    private static IEnumerable<Row> RowsOf(FeatureSet features) =>
        Rows.Where(row => row.IsIn(features) && row.NumberOf(features) != None);

    private static bool Always(FeatureSet features) => true;

    private static bool Threads(FeatureSet features) => features.HasThreads;

    private static Row Idle(string name, uint number32, uint number64, Predicate<FeatureSet> isIn) => new(
        name, number32, number64, isIn, "answers 0 without effect",
        static (kernel, ref port, a) => Succeed(ref port, TWord.Zero), isIdle: true);

    private readonly record struct Arguments(TWord First, TWord Second, TWord Third);

    private sealed class Row(
        string name,
        uint number32,
        uint number64,
        Predicate<FeatureSet> isIn,
        string summary,
        Handler handler,
        bool isIdle = false)
    {
        public string Name => name;

        public uint Number32 => number32;

        public uint Number64 => number64;

        public Handler Handler => handler;

        public bool IsIn(FeatureSet features) => isIn(features);

        public uint NumberOf(FeatureSet features) => features.WordBits == 32 ? number32 : number64;

        public SyscallEntry EntryOf(FeatureSet features) => new(name, NumberOf(features), summary, isIdle);
    }
}
