using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.Tests.Oracle;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>A name stands for the old file or the whole new one, never for anything else.</summary>
public sealed class AtomicFileTests
{
    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        File.WriteAllText(path, "old");
        Assert.Throws<DivideByZeroException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new DivideByZeroException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void TheFinalNameAppearsOnlyAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            stream.Flush();
            Assert.False(File.Exists(path));
        });
        Assert.Equal(1 << 20, new FileInfo(path).Length);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Convert.ToInt32("755", 8), (int)File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void UnusableNamesGiveTypedErrors()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        OracleAssert.Fails(ErrorCode.FileAccess, () => AtomicFile.Write(folder.File("folder"), Nothing));
        OracleAssert.Fails(ErrorCode.FileAccess, () => AtomicFile.Write(folder.File("absent/a"), Nothing));
        OracleAssert.Fails(ErrorCode.FileAccess, () => AtomicFile.Write("/", Nothing));
        OracleAssert.Fails(
            ErrorCode.FileAccess, () => AtomicFile.Write(folder.File(new string('x', 300)), Nothing));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => AtomicFile.Write("a\0b", Nothing));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        OracleAssert.Fails(ErrorCode.FileAccess, () => StateFile.Read(folder.File("folder")));
        OracleAssert.Fails(ErrorCode.FileAccess, () => StateFile.Read(folder.File("absent.bin")));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => StateFile.Read("a\0b.bin"));
    }

    [Fact]
    public void ADeviceIsWrittenToAndNotReplaced()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        CulverinException error = OracleAssert.Fails(
            ErrorCode.FileAccess, () => AtomicFile.Write("/dev/full", stream => stream.Write(new byte[10])));
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => File.WriteAllBytes("/dev/full", new byte[10]));
    }

    private static void Nothing(Stream stream) => stream.Flush();
}
