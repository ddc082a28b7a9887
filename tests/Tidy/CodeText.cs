namespace Culverin.Tidy.Tests;

/// <summary>
/// Blanks out what is no code in C# source: comments, strings and characters; line ends stay.
/// </summary>
internal static class CodeText
{
    private const int RawQuotesMin = 3;

    /// <summary>The source with blanks for comments and for what stands between quotes.</summary>
    public static string Blank(string source)
    {
        char[] result = source.ToCharArray();
        int at = 0;
        while (at < result.Length)
        {
            int end = EndOfNonCode(source, at, out int keptStart, out int keptEnd);
            for (int index = at + keptStart; index < end - keptEnd; index++)
            {
                result[index] = result[index] is '\n' or '\r' ? result[index] : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return new string(result);
    }

    // Returns the position itself where code stands; quotes are kept, so that a string stays an operand.
    private static int EndOfNonCode(string source, int at, out int keptStart, out int keptEnd)
    {
        keptStart = 0;
        keptEnd = 0;
        ReadOnlySpan<char> rest = source.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return EndAfter(source, at, "\n") - (source.IndexOf('\n', at) < 0 ? 0 : 1);
        }

        if (rest.StartsWith("/*"))
        {
            return EndAfter(source, at + 2, "*/");
        }

        keptStart = 1;
        keptEnd = 1;
        if (rest[0] == '"')
        {
            int quotes = rest.Length - rest.TrimStart('"').Length;
            ReadOnlySpan<char> before = source.AsSpan(0, at);
            bool isVerbatim = before.EndsWith("@") || before.EndsWith("@$");
            return quotes >= RawQuotesMin && !isVerbatim
                ? EndAfter(source, at + quotes, new string('"', quotes))
                : EndOfString(source, at, isVerbatim);
        }

        return rest[0] == '\'' ? EndOfString(source, at, isVerbatim: false) : at;
    }

    private static int EndAfter(string source, int from, string mark)
    {
        int found = source.IndexOf(mark, Math.Min(from, source.Length), StringComparison.Ordinal);
        return found < 0 ? source.Length : found + mark.Length;
    }

    private static int EndOfString(string source, int start, bool isVerbatim)
    {
        char quote = source[start];
        for (int at = start + 1; at < source.Length; at++)
        {
            if (source[at] == '\\' && !isVerbatim)
            {
                at++;
            }
            else if (source[at] == quote && isVerbatim && at + 1 < source.Length && source[at + 1] == quote)
            {
                at++;
            }
            else if (source[at] == quote || (source[at] == '\n' && !isVerbatim))
            {
                return at + 1;
            }
        }

        return source.Length;
    }
}
