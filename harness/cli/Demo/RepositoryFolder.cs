namespace Culverin.Harness.Cli.Demo;

/// <summary>Finds files of the repository: of where the program was started, or was built.</summary>
internal static class RepositoryFolder
{
    /// <summary>The whole path of what is at a path in the repository.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static string Find(string path)
    {
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, path);
                if (Path.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new CulverinException(
            ErrorCode.FileAccess,
            $"'{path}' was not found in or above the current folder: start the demo in the repository.");
    }
}
