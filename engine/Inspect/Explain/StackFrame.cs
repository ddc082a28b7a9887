using Culverin.Inspect.Symbols;

namespace Culverin.Inspect.Explain;

/// <summary>A call that has not returned yet.</summary>
/// <param name="Address">
/// Where it is: of the innermost the next instruction, of others the one that their call returns to.
/// </param>
/// <param name="StackPointer">The stack pointer in it.</param>
/// <param name="Functions">The function, with calls put in place inside of it in front.</param>
internal sealed record StackFrame(ulong Address, ulong StackPointer, IReadOnlyList<SourceFrame> Functions);
