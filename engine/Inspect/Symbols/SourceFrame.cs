namespace Culverin.Inspect.Symbols;

/// <summary>A function that is being executed, and where in it.</summary>
/// <param name="Function">Its name; empty where nobody knows.</param>
/// <param name="Place">The source line; null where nobody knows.</param>
/// <param name="IsInlined">Whether the compiler put it in place of its call.</param>
internal sealed record SourceFrame(string Function, SourcePlace? Place, bool IsInlined);
