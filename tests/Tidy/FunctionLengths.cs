using System.Text.RegularExpressions;

namespace Culverin.Tidy.Tests;

/// <summary>
/// Finds the functions of a C# file by matching braces: whatever block stands directly in a type and is
/// neither a type nor an initialiser is a method, a constructor, an operator or a property.
/// </summary>
internal static partial class FunctionLengths
{
    private enum BlockKind
    {
        Namespace,
        Type,
        Function,
        Other,
    }

    /// <summary>Every function's header and how many lines it has from there to its closing brace.</summary>
    public static IEnumerable<(string Header, int Line, int LineCount)> Of(SourceFile file)
    {
        string code = file.Code;
        var blocks = new Stack<(BlockKind Kind, string Header, int Line)>();
        int headerStart = 0;
        for (int at = 0; at < code.Length; at++)
        {
            switch (code[at])
            {
                case '{':
                    string header = code[headerStart..at];
                    int line = LineOf(code, headerStart + header.Length - header.TrimStart().Length);
                    blocks.Push((KindOf(header, blocks), header.Trim(), line));
                    headerStart = at + 1;
                    break;
                case '}':
                    headerStart = at + 1;
                    if (blocks.TryPop(out (BlockKind Kind, string Header, int Line) block)
                        && block.Kind == BlockKind.Function)
                    {
                        yield return (block.Header, block.Line, LineOf(code, at) - block.Line + 1);
                    }

                    break;
                case ';':
                    headerStart = at + 1;
                    break;
            }
        }
    }

    private static BlockKind KindOf(string header, Stack<(BlockKind Kind, string Header, int Line)> around)
    {
        if (NamespaceHeader().IsMatch(header))
        {
            return BlockKind.Namespace;
        }

        bool isInType = around.TryPeek(out (BlockKind Kind, string Header, int Line) outer)
            && outer.Kind == BlockKind.Type;
        bool isTop = around.Count == 0 || outer.Kind == BlockKind.Namespace;
        if ((isTop || isInType) && TypeHeader().IsMatch(header))
        {
            return BlockKind.Type;
        }

        return isInType && !Initialiser().IsMatch(Parenthesised().Replace(header, ""))
            ? BlockKind.Function
            : BlockKind.Other;
    }

    private static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    [GeneratedRegex(@"^\s*(using[^;]*;\s*)*namespace\s")]
    private static partial Regex NamespaceHeader();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+[A-Za-z_]")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"=")]
    private static partial Regex Initialiser();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parenthesised();
}
