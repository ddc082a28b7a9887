namespace Culverin.Bench;

/// <summary>Where programs are.</summary>
internal static class ExecutablePath
{
    /// <summary>The first program of this name on the PATH; null when there is none.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
