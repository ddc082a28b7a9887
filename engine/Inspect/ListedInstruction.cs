namespace Culverin.Inspect;

/// <summary>An instruction of a listing, with what the program around it tells.</summary>
/// <param name="Instruction">The instruction.</param>
/// <param name="TargetName">The function that it leads to; null if it leads to none, or nobody knows.</param>
/// <param name="Syscall">The system call that it makes or decides on; null if it is none, or unknown.</param>
internal sealed record ListedInstruction(
    DisassembledInstruction Instruction, string? TargetName, string? Syscall);
