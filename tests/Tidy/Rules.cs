using System.Text.RegularExpressions;

namespace Culverin.Tidy.Tests;

/// <summary>The rules for single files. Each gives one sentence a violation, with path and line.</summary>
internal static partial class Rules
{
    private const int LineLengthMax = 110;
    private const int FileLinesMax = 400;
    private const int FunctionLinesMax = 70;

    /// <summary>Files that may be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Files with a function that may be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFunctionFiles = new()
    {
        ["engine/Primitives/Keccak256.Lanes.cs"] = "a whole round on vectors, to stay in registers",
        ["engine/Primitives/Keccak256.Scalar.cs"] = "a whole round, to stay in registers",
    };

    // In two parts, so that the rules do not find themselves.
    private static readonly string[] RegistryHosts =
    [
        "registry.npm" + "js.org", "npmjs" + ".com", "nuget" + ".org", "debian" + ".org", "yarn" + "pkg.com",
    ];

    private static readonly string[] MachinePaths =
        ["/wo" + "rk/", "/tm" + "p/", "/ho" + "me/", "/ro" + "ot/", @"C:\Us" + "ers"];

    public static IEnumerable<string> LongLines(SourceFile file) =>
        file.IsCSharp && !file.IsGenerated
            ? At(
                file,
                file.Lines,
                line => line.TrimEnd('\r').Length > LineLengthMax,
                $"is over {LineLengthMax} columns")
            : [];

    public static IEnumerable<string> TooManyLines(SourceFile file)
    {
        int count = file.Lines.Length - (file.Text.EndsWith('\n') ? 1 : 0);
        return file.IsCSharp && !file.IsGenerated && count > FileLinesMax && !LongFiles.ContainsKey(file.Path)
            ? [$"{file.Path} has {count} lines, over {FileLinesMax}"]
            : [];
    }

    public static IEnumerable<string> LongFunctions(SourceFile file) =>
        file.IsCSharp && !LongFunctionFiles.ContainsKey(file.Path)
            ? FunctionLengths.Of(file)
                .Where(function => function.LineCount > FunctionLinesMax)
                .Select(function =>
                    $"{file.Path}:{function.Line} has a function of {function.LineCount} lines, over "
                        + $"{FunctionLinesMax}")
            : [];

    public static IEnumerable<string> WrongNamespace(SourceFile file, Func<string, string?> rootNamespaceOf)
    {
        if (!file.IsCSharp)
        {
            return [];
        }

        string folder = Path.GetDirectoryName(file.Path)!.Replace('\\', '/');
        string? expected = rootNamespaceOf(folder);
        Match found = DeclaredNamespace().Match(file.Code);
        return expected is null || !found.Success || found.Groups[1].Value == expected
            ? []
            : [$"{file.Path} declares {found.Groups[1].Value}, its folder says {expected}"];
    }

    public static IEnumerable<string> Leftovers(SourceFile file) =>
        file.IsCSharp || file.Path.EndsWith(".sh", StringComparison.Ordinal)
            ? At(file, file.Lines, line => Leftover().IsMatch(line), "has a note to come back to")
            : [];

    public static IEnumerable<string> DeadCode(SourceFile file) =>
        file.IsCSharp
            ? At(file, file.Lines, line => CommentedOut().IsMatch(line), "looks like commented-out code")
            : [];

    public static IEnumerable<string> UnexplainedPointers(SourceFile file) =>
        file.IsCSharp
            && UnsafeKeyword().IsMatch(file.Code)
            && PointerUse().IsMatch(file.Code)
            && !file.Text.Contains("// SAFETY:", StringComparison.Ordinal)
                ? [$"{file.Path} uses pointers and has no SAFETY comment"]
                : [];

    public static IEnumerable<string> RegistryNames(SourceFile file) =>
        At(file, file.Lines, line => ContainsAny(line, RegistryHosts), "names a package registry");

    public static IEnumerable<string> PathsOfAMachine(SourceFile file) =>
        At(file, file.Lines, line => ContainsAny(line, MachinePaths), "names a path of one machine");

    public static IEnumerable<string> RawOpcodes(SourceFile file) =>
        file.IsCSharp
            && file.Path.StartsWith("engine/", StringComparison.Ordinal)
            && !file.Path.StartsWith("engine/Isa/", StringComparison.Ordinal)
                ? At(file, file.CodeLines, line => RawOpcode().IsMatch(line), "compares an opcode by number")
                : [];

    private static bool ContainsAny(string line, string[] texts) =>
        texts.Any(text => line.Contains(text, StringComparison.Ordinal));

    private static IEnumerable<string> At(
        SourceFile file, string[] lines, Predicate<string> isWrong, string what)
    {
        for (int index = 0; index < lines.Length; index++)
        {
            if (isWrong(lines[index]))
            {
                yield return $"{file.Path}:{index + 1} {what}";
            }
        }
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex("TO" + @"DO\b|FIX" + @"ME\b|\bHA" + @"CK\b|#reg" + @"ion\b|#endreg" + @"ion\b")]
    private static partial Regex Leftover();

    // A comment with the shape of an assignment, a call, a jump, a declaration, or a block's start or end.
    [GeneratedRegex(
        @"^\s*//(?!/)\s*(?:[\w.\[\]<>]+(?:\s+\w+)?\s*(?:[-+*/|&^]?=|\(|\+\+|--).*;\s*$"
            + @"|(?:return|break|continue)\b.*;\s*$|.*\{\s*$|\}\s*$"
            + @"|(?:public|private|internal|var|return)\s+\w+.*[)=]\s*$)")]
    private static partial Regex CommentedOut();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeKeyword();

    [GeneratedRegex(@"\w\*+\s*[\w)>,(]|\bfixed\s*\(|->|delegate\*")]
    private static partial Regex PointerUse();

    [GeneratedRegex(@"\b(?:opcode|funct|primary|insn|instruction)\w*\s*(?:==|!=|<=|>=|<|>|is)\s*0x|>>\s*26\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex RawOpcode();
}
