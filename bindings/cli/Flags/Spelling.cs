namespace Culverin.Cli.Flags;

/// <summary>Finds the word that somebody may have meant.</summary>
internal static class Spelling
{
    private const int WordMaxCharacters = 64;

    /// <summary>The end of a message: " Perhaps "run" is meant.", or nothing where no word is near.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The words that there are.</param>
    public static string Hint(string written, IEnumerable<string> known)
    {
        if (written.Length > WordMaxCharacters)
        {
            return "";
        }

        (string word, int distance) = known
            .Select(candidate => (candidate, Distance(written, candidate)))
            .OrderBy(pair => pair.Item2)
            .FirstOrDefault(("", int.MaxValue));

        // Half of a short word may be wrong by chance.
        int wrongMax = Math.Max(1, written.TrimStart('-').Length / 3);
        return distance <= wrongMax ? $" Perhaps \"{word}\" is meant." : "";
    }

    // Letters to insert, delete, replace or exchange with their neighbour.
    private static int Distance(string one, string other)
    {
        int[,] costs = new int[one.Length + 1, other.Length + 1];
        for (int row = 0; row <= one.Length; row++)
        {
            for (int column = 0; column <= other.Length; column++)
            {
                if (row == 0 || column == 0)
                {
                    costs[row, column] = row + column;
                    continue;
                }

                int replaced = costs[row - 1, column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                int shifted = Math.Min(costs[row - 1, column], costs[row, column - 1]) + 1;
                costs[row, column] = Math.Min(replaced, shifted);
                if (row > 1 && column > 1
                    && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                {
                    costs[row, column] = Math.Min(costs[row, column], costs[row - 2, column - 2] + 1);
                }
            }
        }

        return costs[one.Length, other.Length];
    }
}
