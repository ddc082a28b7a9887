using Culverin.Execute;

namespace Culverin.Analyze;

/// <summary>A system call of Linux on MIPS.</summary>
/// <param name="Number32">Its number in r2 with 32-bit words (o32); 0 where there is none.</param>
/// <param name="Number64">Its number in r2 with 64-bit words (n64); 0 where there is none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Consequence">
/// What goes wrong when it has no effect and is answered 0, as the end of a sentence; empty if 0 is a fair
/// answer.
/// </param>
internal sealed record LinuxSyscall(uint Number32, uint Number64, string Name, string Consequence);

/// <summary>
/// Names for system call numbers, and what an answer of 0 does to a program that makes the call.
/// </summary>
internal static class LinuxSyscalls
{
    private const uint None = 0;
    private const string NoChild = "the caller takes itself for the child, which was never started";
    private const string NotOver = "the program does not end but goes on after the call";
    private const string NoSleep = "it returns at once: a program that waits for time to pass spins";
    private const string NothingFilled = "the caller's buffer is not filled";
    private const string EndOfFile = "the caller sees the end of the file";
    private const string NothingWritten = "the caller sees that nothing was written and may try for ever";
    private const string LooksLikeStandardInput = "the caller takes 0 for a new "
        + "descriptor, but 0 is standard input";
    private const string NothingRandom =
        "no random byte is delivered: a program that wants them all asks for ever";

    private const string NoSuchThread = "0 is taken for a thread number";

    private static readonly LinuxSyscall[] All =
        [.. Control(), .. Files(), .. Descriptors(), .. Memory(), .. Signals(), .. Network()];

    // The numbers of the two interfaces do not overlap, so that a foreign one is recognised too.
    private static readonly Dictionary<uint, LinuxSyscall> ByNumber = All.Where(call => call.Number32 != None)
        .Select(call => (Number: call.Number32, Call: call))
        .Concat(All.Where(call => call.Number64 != None).Select(call => (Number: call.Number64, Call: call)))
        .ToDictionary(pair => pair.Number, pair => pair.Call);

    /// <summary>The call of a number; null for one that is not in the table.</summary>
    public static LinuxSyscall? Find(uint number) => ByNumber.GetValueOrDefault(number);

    /// <summary>Whether a call of the table has this name.</summary>
    public static bool HasName(string name) => All.Any(call => call.Name == name);

    /// <summary>A call that a version knows: its numbers stand in the kernel's table.</summary>
    private static LinuxSyscall Served(string name, string consequence = "")
    {
        (uint number32, uint number64) = SyscallTable.NumbersOf(name);
        return new LinuxSyscall(number32, number64, name, consequence);
    }

    private static LinuxSyscall Fair(uint number32, uint number64, string name) =>
        new(number32, number64, name, "");

    private static LinuxSyscall[] Control() =>
    [
        Served("exit", NotOver),
        new(4002, 5056, "fork", NoChild),
        new(4007, None, "waitpid", "no child is there to wait for"),
        new(4011, 5057, "execve", "the program goes on instead of being replaced"),
        new(4013, None, "time", "the time is always 0"),
        Served("getpid"),
        Fair(4023, 5103, "setuid"),
        Served("getuid"),
        Fair(4034, None, "nice"),
        new(4043, 5098, "times", NothingFilled),
        Fair(4046, 5104, "setgid"),
        Served("getgid"),
        Fair(4049, 5105, "geteuid"),
        Fair(4050, 5106, "getegid"),
        Fair(4060, 5093, "umask"),
        Fair(4064, 5108, "getppid"),
        Fair(4066, 5110, "setsid"),
        Fair(4075, 5155, "setrlimit"),
        Served("getrlimit", NothingFilled),
        new(4077, 5096, "getrusage", NothingFilled),
        new(4078, 5094, "gettimeofday", NothingFilled),
        new(4114, 5059, "wait4", "no child is there to wait for"),
        new(4116, 5097, "sysinfo", NothingFilled),
        Served("clone", "no thread or process is started, but the caller is told that one was"),
        Served("uname", NothingFilled),
        Served("sched_yield"),
        Served("nanosleep", NoSleep),
        Fair(4192, 5153, "prctl"),
        Served("gettid", NoSuchThread),
        Served("futex", "waiting returns at once and waking wakes nobody: one "
            + "that waits for another spins"),
        Served("exit_group"),
        Fair(4239, 5195, "sched_setaffinity"),
        Served("sched_getaffinity", "no processor is reported"),
        new(4252, 5212, "set_tid_address", NoSuchThread),
        Fair(4262, 5221, "clock_settime"),
        Served("clock_gettime", "the time is not written: the clock seems to stand still"),
        new(4264, 5223, "clock_getres", NothingFilled),
        new(4265, 5224, "clock_nanosleep", NoSleep),
        Fair(4283, 5242, "set_thread_area"),
        Fair(4309, 5268, "set_robust_list"),
        Served("prlimit64"),
        Served("getrandom", NothingRandom),
        new(4403, None, "clock_gettime64", "the time is not written: the clock seems to stand still"),
        new(4407, None, "clock_nanosleep_time64", NoSleep),
        new(4422, None, "futex_time64", "waiting returns at once and waking wakes nobody: "
            + "one that waits for another spins"),
        new(4435, 5435, "clone3", NoChild),
    ];

    private static LinuxSyscall[] Files() =>
    [
        Served("open", LooksLikeStandardInput),
        new(4008, 5083, "creat", LooksLikeStandardInput),
        Fair(4009, 5084, "link"),
        Fair(4010, 5085, "unlink"),
        Fair(4012, 5078, "chdir"),
        Fair(4015, 5088, "chmod"),
        Fair(4033, 5020, "access"),
        Fair(4036, 5157, "sync"),
        Fair(4038, 5080, "rename"),
        Fair(4039, 5081, "mkdir"),
        Fair(4040, 5082, "rmdir"),
        Fair(4083, 5086, "symlink"),
        Served("readlink", "the link's text is empty"),
        Fair(4092, 5074, "truncate"),
        Fair(4093, 5075, "ftruncate"),
        Fair(4094, 5089, "fchmod"),
        Fair(4095, 5091, "fchown"),
        Served("stat", NothingFilled),
        new(4107, 5006, "lstat", NothingFilled),
        Served("fstat", NothingFilled),
        Fair(4118, 5072, "fsync"),
        new(4141, 5076, "getdents", EndOfFile),
        Fair(4152, 5073, "fdatasync"),
        Fair(4202, 5090, "chown"),
        new(4203, 5077, "getcwd", NothingFilled),
        Served("stat64", NothingFilled),
        new(4214, None, "lstat64", NothingFilled),
        Served("fstat64", NothingFilled),
        new(4219, 5308, "getdents64", EndOfFile),
        Served("openat", LooksLikeStandardInput),
        Fair(4289, 5248, "mkdirat"),
        new(4293, None, "fstatat64", NothingFilled),
        new(None, 5252, "newfstatat", NothingFilled),
        Fair(4294, 5253, "unlinkat"),
        Fair(4295, 5254, "renameat"),
        Served("readlinkat", "the link's text is empty"),
        Fair(4300, 5259, "faccessat"),
        new(4366, 5326, "statx", NothingFilled),
    ];

    private static LinuxSyscall[] Descriptors() =>
    [
        Served("read"),
        Served("write"),
        Served("close"),
        Served("lseek"),
        new(4041, 5031, "dup", LooksLikeStandardInput),
        new(4042, 5021, "pipe", "no descriptors are made"),
        Served("ioctl"),
        Served("fcntl"),
        new(4063, 5032, "dup2", LooksLikeStandardInput),
        Served("_llseek", NothingFilled),
        new(4142, 5022, "_newselect", "no descriptor ever becomes ready"),
        Fair(4143, 5071, "flock"),
        new(4145, 5018, "readv", EndOfFile),
        new(4146, 5019, "writev", NothingWritten),
        new(4188, 5007, "poll", "no descriptor ever becomes ready"),
        Served("pread64", EndOfFile),
        new(4201, 5017, "pwrite64", NothingWritten),
        Fair(4220, None, "fcntl64"),
        new(4248, 5207, "epoll_create", LooksLikeStandardInput),
        Served("epoll_ctl"),
        new(4250, 5209, "epoll_wait", "no descriptor ever becomes ready"),
        new(4302, 5261, "ppoll", "no descriptor ever becomes ready"),
        Served("epoll_pwait", "no descriptor ever becomes ready"),
        new(4319, 5278, "eventfd", LooksLikeStandardInput),
        Served("eventfd2", LooksLikeStandardInput),
        Served("epoll_create1", LooksLikeStandardInput),
        new(4327, 5286, "dup3", LooksLikeStandardInput),
        Served("pipe2", "no descriptors are made"),
    ];

    private static LinuxSyscall[] Memory() =>
    [
        Served("brk"),
        Served("mmap"),
        Served("munmap"),
        Served("mprotect"),
        Fair(4144, 5025, "msync"),
        Fair(4147, 5197, "cacheflush"),
        Fair(4154, 5146, "mlock"),
        Fair(4155, 5147, "munlock"),
        Fair(4156, 5148, "mlockall"),
        new(4167, 5024, "mremap", "the caller takes address 0 for its memory"),
        new(4210, None, "mmap2", "the caller takes address 0 for its memory"),
        Served("mincore", NothingFilled),
        Served("madvise"),
        Fair(4254, 5215, "fadvise64"),
    ];

    private static LinuxSyscall[] Signals() =>
    [
        Fair(4027, 5037, "alarm"),
        new(4029, 5033, "pause", "it returns at once instead of waiting"),
        new(4037, 5060, "kill", "no signal is sent: a program that ends itself this way goes on"),
        Fair(4067, None, "sigaction"),
        Served("setitimer"),
        Fair(4126, None, "sigprocmask"),
        new(4193, 5211, "rt_sigreturn", "execution goes on after the call"),
        Served("rt_sigaction"),
        Served("rt_sigprocmask"),
        new(4197, 5126, "rt_sigtimedwait", "it returns at once instead of waiting"),
        new(4199, 5128, "rt_sigsuspend", "it returns at once instead of waiting"),
        Served("sigaltstack"),
        new(4236, 5192, "tkill", "no signal is sent: a program that ends itself this way goes on"),
        Served("timer_create"),
        Served("timer_settime"),
        new(4259, 5218, "timer_gettime", NothingFilled),
        Served("timer_delete"),
        Served("tgkill", "no signal is sent: a program that ends itself this way goes on"),
    ];

    private static LinuxSyscall[] Network() =>
    [
        new(4168, 5042, "accept", LooksLikeStandardInput),
        Fair(4169, 5048, "bind"),
        Fair(4170, 5041, "connect"),
        new(4171, 5051, "getpeername", NothingFilled),
        new(4172, 5050, "getsockname", NothingFilled),
        new(4173, 5054, "getsockopt", NothingFilled),
        Fair(4174, 5049, "listen"),
        new(4175, None, "recv", EndOfFile),
        new(4176, 5044, "recvfrom", EndOfFile),
        new(4177, 5046, "recvmsg", EndOfFile),
        new(4178, None, "send", NothingWritten),
        new(4179, 5045, "sendmsg", NothingWritten),
        new(4180, 5043, "sendto", NothingWritten),
        Fair(4181, 5053, "setsockopt"),
        Fair(4182, 5047, "shutdown"),
        new(4183, 5040, "socket", LooksLikeStandardInput),
        new(4184, 5052, "socketpair", "no descriptors are made"),
        new(4334, 5293, "accept4", LooksLikeStandardInput),
    ];
}
