using System.Security.Cryptography;
using Culverin.Files;
using Culverin.Guest;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>Every state file the reference wrote, of all versions: read, hashed and written again.</summary>
public sealed class StateSampleTests
{
    public static TheoryData<string> Samples() =>
    [
        .. Directory.GetFiles(RepositoryFiles.Vector("states"), "*.bin.gz")
            .Select(path => Path.GetFileName(path)),
    ];

    /// <summary>Samples at step 0, with the program they were loaded from.</summary>
    public static TheoryData<string, string> FirstStates() => new()
    {
        { "hello.mt.step0.bin.gz", "hello" },
        { "hello.mt64.step0.bin.gz", "hello.64" },
        { "hello.st.step0.bin.gz", "hello" },
        { "mtquirks.v5.step0.bin.gz", "mtquirks" },
        { "mtquirks64.v6.step0.bin.gz", "mtquirks64-v6.64" },
        { "mtquirks64.v8.step0.bin.gz", "mtquirks64.64" },
        { "quirks.v0.step0.bin.gz", "quirks" },
        { "quirks64.v7.step0.bin.gz", "quirks64.64" },
        { "quirks64.v8.step0.bin.gz", "quirks64.64" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void HashAndBytesEqualTheReference(string sample)
    {
        string hash = File.ReadLines(RepositoryFiles.Vector("states", "hashes.txt"))
            .Concat(File.ReadLines(RepositoryFiles.Vector("states", "README.txt")))
            .First(line => line.StartsWith(sample, StringComparison.Ordinal))
            .Split([' ', '"', ',', ':'], StringSplitOptions.RemoveEmptyEntries)
            .First(part => part.StartsWith("0x", StringComparison.Ordinal));
        string file = Path.GetTempFileName();
        try
        {
            using (MachineImage image = StateFile.Read(StateSamples.Locate(sample)))
            {
                Assert.Equal(StateSamples.Raw(sample), StateSamples.Bytes(image, file + ".bin"));
            }

            Assert.Equal(hash, StateSamples.Hash(StateFile.Read(file + ".bin")));
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".bin");
        }
    }

    [Theory]
    [MemberData(nameof(FirstStates))]
    public void LoadedProgramsEqualTheReference(string sample, string program)
    {
        byte[] expected = StateSamples.Raw(sample);
        ElfFile elf = ElfFile.Parse(
            RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", $"{program}.elf.gz")));
        string file = Path.GetTempFileName();
        try
        {
            using MachineImage image = Loader.Load(elf, (StateVersion)expected[0]);
            byte[] actual = StateSamples.Bytes(image, file + ".bin");
            Assert.Equal(
                Convert.ToHexStringLower(SHA256.HashData(expected)),
                Convert.ToHexStringLower(SHA256.HashData(actual)));
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".bin");
        }
    }
}
