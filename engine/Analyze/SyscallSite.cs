namespace Culverin.Analyze;

/// <summary>A place that decides which system call is made.</summary>
/// <param name="Address">
/// Where it is: the system call instruction, or the call of a function that takes the number as an argument.
/// </param>
/// <param name="Number">The call's number, if known.</param>
/// <param name="SecondArgument">Its second argument, if known.</param>
internal sealed record SyscallSite(ulong Address, ulong? Number, ulong? SecondArgument);
