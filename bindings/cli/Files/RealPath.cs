namespace Culverin.Cli.Files;

/// <summary>Which file a name stands for, with all links on the way followed.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows (path_resolution(7)).</summary>
    private const int LinksMax = 40;

    private const int InputDescriptor = 0;
    private const int OutputDescriptor = 1;
    private const string NullDevice = "/dev/null";

    /// <summary>The name without links. What does not exist or cannot be looked at stays.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        string current = root;
        int linkCount = 0;
        var left = new Stack<string>();
        Push(left, full[root.Length..]);
        while (left.TryPop(out string? part))
        {
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? root;
                continue;
            }

            string next = Path.Combine(current, part);
            if (LinkTarget(next) is not { } target || ++linkCount > LinksMax)
            {
                current = next;
                continue;
            }

            if (Path.IsPathRooted(target))
            {
                current = root;
            }

            Push(left, target);
        }

        return current;
    }

    /// <summary>Whether what is written to a file of this name comes out of standard output.</summary>
    public static bool IsStandardOutput(string path) =>
        path == FileNameFormat.StandardOutput
            || (Of(path) is var real && real != NullDevice && real == OfDescriptor(OutputDescriptor));

    /// <summary>Whether who reads a file of this name takes from standard input what others miss.</summary>
    public static bool IsStandardInput(string path) =>
        path == FileNameFormat.StandardOutput
            || (Of(path) is var real && !File.Exists(real) && real == OfDescriptor(InputDescriptor));

    /// <summary>Whether a file is in a folder or in one of that one's.</summary>
    public static bool IsInside(string path, string folder) => Of(path)
        .StartsWith(Path.TrimEndingDirectorySeparator(Of(folder)) + "/", StringComparison.Ordinal);

    // Of a pipe, which has no name, one that all links to it lead to.
    private static string OfDescriptor(int descriptor) =>
        Of(FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{descriptor}"));

    private static void Push(Stack<string> parts, string path)
    {
        string[] names = path.Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries);
        for (int index = names.Length - 1; index >= 0; index--)
        {
            if (names[index] != ".")
            {
                parts.Push(names[index]);
            }
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
