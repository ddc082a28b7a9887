namespace Culverin.Cli.Reports;

/// <summary>A system call; no result if it was not answered at once, errno 0 if it did not fail.</summary>
internal sealed record SyscallReport(
    ulong Step,
    ulong Thread,
    ulong ProgramCounter,
    string Name,
    ulong Number,
    string Arguments,
    ulong? Result,
    ulong Errno) : Report("syscall");
