using Culverin.Execute;

namespace Culverin.Inspect;

/// <summary>One system call that a run has made.</summary>
/// <param name="Call">Who made it, with what.</param>
/// <param name="Name">Its Linux name.</param>
/// <param name="Arguments">The arguments for people, such as 1, "hello\n", 6.</param>
/// <param name="Result">What it answered; null if it was not answered at once, or never.</param>
/// <param name="Errno">The error number, 0 for none.</param>
internal sealed record SyscallRecord(
    SyscallCall Call, string Name, string Arguments, ulong? Result, uint Errno);
