using System.IO.Compression;

namespace Culverin.Tests.Shared;

/// <summary>Finds the repository's files from wherever a test runs.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds Engine.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below tests/vectors.</summary>
    public static string Vector(params string[] parts) =>
        Path.Combine([Root, "tests", "vectors", .. parts]);

    /// <summary>Reads a gzip file whole.</summary>
    public static byte[] ReadGzip(string path)
    {
        using var unzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string FindRoot()
    {
        // For test assemblies that were built to a folder outside the repository.
        string? folder =
            Environment.GetEnvironmentVariable("CULVERIN_REPOSITORY") ?? AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Engine.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException(
            "No folder above the tests holds Engine.sln; run the tests from inside the repository.");
    }
}
