using System.Diagnostics;
using Culverin.Harness.Host;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The real blocks of ../shared/fixtures, unpacked.</summary>
internal sealed class RealBlocks : IDisposable
{
    /// <summary>The archive's name, for <see cref="FixtureTheoryAttribute"/>.</summary>
    public const string Archive = "op-sepolia-blocks.tar.xz";

    private readonly TemporaryFolder _folder = new();

    public RealBlocks()
    {
        string archive = FixtureTheoryAttribute.PathOf(Archive);
        using Process tar = Process.Start("tar", ["-xJf", archive, "-C", _folder.Path]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
    }

    /// <summary>All files, in the order of their names.</summary>
    public string[] Files =>
        [.. Directory.EnumerateFiles(_folder.Path, "*.json", SearchOption.AllDirectories).Order()];

    /// <summary>The file of a block.</summary>
    public string PathOf(ulong number) =>
        Files.Single(file => Path.GetFileName(file) == $"block-{number}.json");

    /// <summary>A block.</summary>
    public BlockFile Read(ulong number) => BlockFile.Read(PathOf(number));

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
