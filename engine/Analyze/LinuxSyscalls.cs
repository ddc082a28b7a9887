using System.Collections.Generic;
using System.Linq;

namespace Culverin.Analyze;

/// <summary>A system call of Linux on MIPS with 32-bit words (the o32 interface).</summary>
/// <param name="Number">Its number in r2.</param>
/// <param name="Name">Its name.</param>
/// <param name="Consequence">
/// What goes wrong when it has no effect and is answered 0, as the end of a sentence; empty if 0 is a fair
/// answer.
/// </param>
internal sealed record LinuxSyscall(uint Number, string Name, string Consequence);

/// <summary>
/// Names for system call numbers, and what an answer of 0 does to a program that makes the call.
/// </summary>
internal static class LinuxSyscalls
{
    private const string NoChild = "the caller takes itself for the child, which was never started";
    private const string NotOver = "the program does not end but goes on after the call";
    private const string NoSleep = "it returns at once: a program that waits for time to pass spins";
    private const string NothingFilled = "the caller's buffer is not filled";
    private const string EndOfFile = "the caller sees the end of the file";
    private const string NothingWritten = "the caller sees that nothing was written and may try for ever";
    private const string LooksLikeStandardInput = "the caller takes 0 for a new "
        + "descriptor, but 0 is standard input";
    private const string NoSuchThread = "0 is taken for a thread number";

    private static readonly Dictionary<uint, LinuxSyscall> ByNumber =
        Control().Concat(Files()).Concat(Descriptors()).Concat(Memory()).Concat(Signals()).Concat(Network())
            .ToDictionary(call => call.Number);

    /// <summary>The call of a number; null for one that is not in the table.</summary>
    public static LinuxSyscall? Find(uint number) => ByNumber.GetValueOrDefault(number);

    private static LinuxSyscall Fair(uint number, string name) => new(number, name, "");

    private static LinuxSyscall[] Control() =>
    [
        new(4001, "exit", NotOver),
        new(4002, "fork", NoChild),
        new(4007, "waitpid", "no child is there to wait for"),
        new(4011, "execve", "the program goes on instead of being replaced"),
        new(4013, "time", "the time is always 0"),
        Fair(4020, "getpid"),
        Fair(4023, "setuid"),
        Fair(4024, "getuid"),
        Fair(4034, "nice"),
        new(4043, "times", NothingFilled),
        Fair(4046, "setgid"),
        Fair(4047, "getgid"),
        Fair(4049, "geteuid"),
        Fair(4050, "getegid"),
        Fair(4060, "umask"),
        Fair(4064, "getppid"),
        Fair(4066, "setsid"),
        Fair(4075, "setrlimit"),
        new(4076, "getrlimit", NothingFilled),
        new(4077, "getrusage", NothingFilled),
        new(4078, "gettimeofday", NothingFilled),
        new(4114, "wait4", "no child is there to wait for"),
        new(4116, "sysinfo", NothingFilled),
        new(4120, "clone", "no thread or process is started, but the caller is told that one was"),
        new(4122, "uname", NothingFilled),
        Fair(4162, "sched_yield"),
        new(4166, "nanosleep", NoSleep),
        Fair(4192, "prctl"),
        new(4222, "gettid", NoSuchThread),
        new(4238, "futex", "waiting returns at once and waking wakes nobody: one "
            + "that waits for another spins"),
        Fair(4246, "exit_group"),
        Fair(4239, "sched_setaffinity"),
        new(4240, "sched_getaffinity", "no processor is reported"),
        new(4252, "set_tid_address", NoSuchThread),
        Fair(4262, "clock_settime"),
        new(4263, "clock_gettime", "the time is not written: the clock seems to stand still"),
        new(4264, "clock_getres", NothingFilled),
        new(4265, "clock_nanosleep", NoSleep),
        Fair(4283, "set_thread_area"),
        Fair(4309, "set_robust_list"),
        Fair(4338, "prlimit64"),
        new(4353, "getrandom", "no random byte is delivered: a program that wants them all asks for ever"),
        new(4403, "clock_gettime64", "the time is not written: the clock seems to stand still"),
        new(4407, "clock_nanosleep_time64", NoSleep),
        new(4422, "futex_time64", "waiting returns at once and waking wakes nobody: "
            + "one that waits for another spins"),
        new(4435, "clone3", NoChild),
    ];

    private static LinuxSyscall[] Files() =>
    [
        new(4005, "open", LooksLikeStandardInput),
        new(4008, "creat", LooksLikeStandardInput),
        Fair(4009, "link"),
        Fair(4010, "unlink"),
        Fair(4012, "chdir"),
        Fair(4015, "chmod"),
        Fair(4033, "access"),
        Fair(4036, "sync"),
        Fair(4038, "rename"),
        Fair(4039, "mkdir"),
        Fair(4040, "rmdir"),
        Fair(4083, "symlink"),
        new(4085, "readlink", "the link's text is empty"),
        Fair(4092, "truncate"),
        Fair(4093, "ftruncate"),
        Fair(4094, "fchmod"),
        Fair(4095, "fchown"),
        new(4106, "stat", NothingFilled),
        new(4107, "lstat", NothingFilled),
        new(4108, "fstat", NothingFilled),
        Fair(4118, "fsync"),
        new(4141, "getdents", EndOfFile),
        Fair(4152, "fdatasync"),
        Fair(4202, "chown"),
        new(4203, "getcwd", NothingFilled),
        new(4213, "stat64", NothingFilled),
        new(4214, "lstat64", NothingFilled),
        new(4215, "fstat64", NothingFilled),
        new(4219, "getdents64", EndOfFile),
        new(4288, "openat", LooksLikeStandardInput),
        Fair(4289, "mkdirat"),
        new(4293, "fstatat64", NothingFilled),
        Fair(4294, "unlinkat"),
        Fair(4295, "renameat"),
        new(4298, "readlinkat", "the link's text is empty"),
        Fair(4300, "faccessat"),
        new(4366, "statx", NothingFilled),
    ];

    private static LinuxSyscall[] Descriptors() =>
    [
        Fair(4003, "read"),
        Fair(4004, "write"),
        Fair(4006, "close"),
        Fair(4019, "lseek"),
        new(4041, "dup", LooksLikeStandardInput),
        new(4042, "pipe", "no descriptors are made"),
        Fair(4054, "ioctl"),
        Fair(4055, "fcntl"),
        new(4063, "dup2", LooksLikeStandardInput),
        new(4140, "_llseek", NothingFilled),
        new(4142, "_newselect", "no descriptor ever becomes ready"),
        Fair(4143, "flock"),
        new(4145, "readv", EndOfFile),
        new(4146, "writev", NothingWritten),
        new(4188, "poll", "no descriptor ever becomes ready"),
        new(4200, "pread64", EndOfFile),
        new(4201, "pwrite64", NothingWritten),
        Fair(4220, "fcntl64"),
        new(4248, "epoll_create", LooksLikeStandardInput),
        Fair(4249, "epoll_ctl"),
        new(4250, "epoll_wait", "no descriptor ever becomes ready"),
        new(4302, "ppoll", "no descriptor ever becomes ready"),
        new(4313, "epoll_pwait", "no descriptor ever becomes ready"),
        new(4319, "eventfd", LooksLikeStandardInput),
        new(4325, "eventfd2", LooksLikeStandardInput),
        new(4326, "epoll_create1", LooksLikeStandardInput),
        new(4327, "dup3", LooksLikeStandardInput),
        new(4328, "pipe2", "no descriptors are made"),
    ];

    private static LinuxSyscall[] Memory() =>
    [
        Fair(4045, "brk"),
        Fair(4090, "mmap"),
        Fair(4091, "munmap"),
        Fair(4125, "mprotect"),
        Fair(4144, "msync"),
        Fair(4147, "cacheflush"),
        Fair(4154, "mlock"),
        Fair(4155, "munlock"),
        Fair(4156, "mlockall"),
        new(4167, "mremap", "the caller takes address 0 for its memory"),
        new(4210, "mmap2", "the caller takes address 0 for its memory"),
        new(4217, "mincore", NothingFilled),
        Fair(4218, "madvise"),
        Fair(4254, "fadvise64"),
    ];

    private static LinuxSyscall[] Signals() =>
    [
        Fair(4027, "alarm"),
        new(4029, "pause", "it returns at once instead of waiting"),
        new(4037, "kill", "no signal is sent: a program that ends itself this way goes on"),
        Fair(4067, "sigaction"),
        Fair(4104, "setitimer"),
        Fair(4126, "sigprocmask"),
        new(4193, "rt_sigreturn", "execution goes on after the call"),
        Fair(4194, "rt_sigaction"),
        Fair(4195, "rt_sigprocmask"),
        new(4197, "rt_sigtimedwait", "it returns at once instead of waiting"),
        new(4199, "rt_sigsuspend", "it returns at once instead of waiting"),
        Fair(4206, "sigaltstack"),
        new(4236, "tkill", "no signal is sent: a program that ends itself this way goes on"),
        Fair(4257, "timer_create"),
        Fair(4258, "timer_settime"),
        new(4259, "timer_gettime", NothingFilled),
        Fair(4261, "timer_delete"),
        new(4266, "tgkill", "no signal is sent: a program that ends itself this way goes on"),
    ];

    private static LinuxSyscall[] Network() =>
    [
        new(4168, "accept", LooksLikeStandardInput),
        Fair(4169, "bind"),
        Fair(4170, "connect"),
        new(4171, "getpeername", NothingFilled),
        new(4172, "getsockname", NothingFilled),
        new(4173, "getsockopt", NothingFilled),
        Fair(4174, "listen"),
        new(4175, "recv", EndOfFile),
        new(4176, "recvfrom", EndOfFile),
        new(4177, "recvmsg", EndOfFile),
        new(4178, "send", NothingWritten),
        new(4179, "sendmsg", NothingWritten),
        new(4180, "sendto", NothingWritten),
        Fair(4181, "setsockopt"),
        Fair(4182, "shutdown"),
        new(4183, "socket", LooksLikeStandardInput),
        new(4184, "socketpair", "no descriptors are made"),
        new(4334, "accept4", LooksLikeStandardInput),
    ];
}
