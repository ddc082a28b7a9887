using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Culverin.Tidy.Tests;

/// <summary>
/// In which order the folders of a project stand, as its ARCHITECTURE document says; a folder uses only those
/// before it.
/// </summary>
/// <param name="Project">The project's folder, from the repository's root.</param>
/// <param name="Folders">
/// Folders in it, the most basic first. A folder below one of them that is not named itself is a part of it.
/// </param>
internal sealed partial record FolderOrder(string Project, IReadOnlyList<string> Folders)
{
    private readonly ConcurrentDictionary<string, int?> _places = new();

    /// <summary>Reads it from the line of a document that begins with "Order of the folders:".</summary>
    public static FolderOrder Of(string project, string document)
    {
        Match line = OrderLine().Match(document);
        if (!line.Success)
        {
            throw new FormatException($"The document of {project} does not tell the order of folders.");
        }

        return new FolderOrder(project, [.. line.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)]);
    }

    /// <summary>
    /// The place of a file: -1 in the project's folder itself, before all others; null when its folder has
    /// none, or it is of another project.
    /// </summary>
    public int? PlaceOf(string path) => _places.GetOrAdd(Path.GetDirectoryName(path)!, Find);

    private int? Find(string folder)
    {
        folder = folder.Replace('\\', '/');
        if (folder == Project)
        {
            return -1;
        }

        int longest = -1;
        for (int place = 0; place < Folders.Count; place++)
        {
            bool isIn = $"{folder}/".StartsWith($"{Project}/{Folders[place]}/", StringComparison.Ordinal);
            bool isLonger = longest < 0 || Folders[place].Length > Folders[longest].Length;
            longest = isIn && isLonger ? place : longest;
        }

        return longest < 0 ? null : longest;
    }

    [GeneratedRegex(@"^Order of the folders: `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex OrderLine();
}
