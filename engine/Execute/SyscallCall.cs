namespace Culverin.Execute;

/// <summary>A system call as the guest makes it.</summary>
/// <param name="Entry">What the version takes it for; null for one that it does not know.</param>
/// <param name="Number">r2.</param>
/// <param name="Step">The step that makes it.</param>
/// <param name="ProgramCounter">Address of the instruction.</param>
/// <param name="Thread">Number of the thread that makes it; 0 in versions without threads.</param>
/// <param name="First">r4.</param>
/// <param name="Second">r5.</param>
/// <param name="Third">r6.</param>
internal sealed record SyscallCall(
    SyscallEntry? Entry,
    ulong Number,
    ulong Step,
    ulong ProgramCounter,
    ulong Thread,
    ulong First,
    ulong Second,
    ulong Third);
