namespace Culverin.Inspect.Symbols;

/// <summary>A line of a program's source.</summary>
/// <param name="File">Its path, as the compiler wrote it down.</param>
/// <param name="Line">From 1; 0 where the compiler gives none.</param>
internal sealed record SourcePlace(string File, int Line)
{
    /// <summary>File and line with a colon between.</summary>
    public override string ToString() => $"{File}:{Line}";
}
