using BenchmarkDotNet.Attributes;
using Culverin.Files;
using Culverin.Guest;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Bench;

/// <summary>Loading a Go program, and reading and writing its state.</summary>
public class LoadBenchmarks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("culverin-bench").FullName;
    private byte[] _elf = [];
    private MachineImage _image = null!;

    /// <summary>Makes the files.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var vector = new GuestVector(StateVersion.SingleThreaded2, "preimage");
        _elf = RepositoryFiles.ReadGzip(vector.ElfPath);
        _image = Loader.Load32(ElfFile.Parse(_elf), StateVersion.SingleThreaded2);
        StateFile.Write(PathOf("bin"), _image);
        StateFile.Write(PathOf("bin.gz"), _image);
    }

    /// <summary>Removes the files.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _image.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>ELF to first state.</summary>
    [Benchmark]
    public void LoadElf() => Loader.Load32(ElfFile.Parse(_elf), StateVersion.SingleThreaded2).Dispose();

    /// <summary>Reads an uncompressed state.</summary>
    [Benchmark]
    public void ReadRaw() => StateFile.Read(PathOf("bin")).Dispose();

    /// <summary>Reads a compressed state.</summary>
    [Benchmark]
    public void ReadGzip() => StateFile.Read(PathOf("bin.gz")).Dispose();

    /// <summary>Writes an uncompressed state.</summary>
    [Benchmark]
    public void WriteRaw() => StateFile.Write(PathOf("bin"), _image);

    /// <summary>Writes a compressed state.</summary>
    [Benchmark]
    public void WriteGzip() => StateFile.Write(PathOf("bin.gz"), _image);

    private string PathOf(string extension) => Path.Combine(_folder, $"state.{extension}");
}
