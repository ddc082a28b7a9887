namespace Culverin.Harness.Tests.Host;

/// <summary>A folder that is gone with this object.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("culverin-host-").FullName;

    internal string[] Files => Directory.GetFiles(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
