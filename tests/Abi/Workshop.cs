using Culverin.Tests.Shared;

namespace Culverin.Abi.Tests;

/// <summary>A folder for one test, removed at the end.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("culverin-abi-");

    public string Path => _folder.FullName;

    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Unpacks a guest's program.</summary>
    public string Unpack(GuestVector vector)
    {
        string path = File($"{vector.Guest}-{(int)vector.Version}.elf");
        System.IO.File.WriteAllBytes(path, RepositoryFiles.ReadGzip(vector.ElfPath));
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
