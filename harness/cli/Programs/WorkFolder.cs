namespace Culverin.Harness.Cli.Programs;

/// <summary>A folder that was named, or one of its own that goes with this object.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly DirectoryInfo? _own;

    /// <summary>Takes the named folder, or makes one.</summary>
    public WorkFolder(string? named)
    {
        _own = named is null ? Directory.CreateTempSubdirectory("culverin-program-") : null;
        Path = named ?? _own!.FullName;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Removes what is its own.</summary>
    public void Dispose() => _own?.Delete(recursive: true);
}
