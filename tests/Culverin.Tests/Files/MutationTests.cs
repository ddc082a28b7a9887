using System.Diagnostics;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>
/// Damaged files of every kind: each gives a typed error or a whole result, with bounded memory and time, and
/// leaves nothing behind.
/// </summary>
public sealed class MutationTests
{
    private const int Seed = 20_241;
    private const int MutationCount = 1400;
    private const int LeftCount = 4;
    private const int RightCount = 5;
    private const string Quirks = "quirks.v0.step2000.bin.gz";
    private const string Elf = "quirks.elf.gz";
    private const string Elf64 = "quirks64.64.elf.gz";

    /// <summary>The longest hint that a state may hold, and what a small state takes beside it.</summary>
    private const long AllocatedMaxBytes = (64 + 2) << 20;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(20);

    public static TheoryData<StateVersion> VersionsWithThreads =>
        [.. FeatureSet.All.Where(set => set.HasThreads).Select(set => set.Version)];

    [Fact]
    public void BinaryStates()
    {
        byte[] raw = StateSamples.Raw(Quirks);
        int hintLength = raw.Length - sizeof(uint);
        CheckStates("a.bin", raw, raw, 1, 5, hintLength);
    }

    // Counts and flags stand after the pages: of both stacks, of each thread, of the reservation.
    [Theory]
    [MemberData(nameof(VersionsWithThreads))]
    public void BinaryStatesWithSeveralThreads(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        byte[] raw = SeveralThreads(version, folder.File("made.bin"));
        CheckStates("a.bin", raw, raw, ThreadOffsets(raw));
    }

    [Theory]
    [InlineData("mtquirks.mt.step12000.bin.gz")]
    [InlineData("mtquirks.v5.step12000.bin.gz")]
    [InlineData("mtquirks64.v6.step100000.bin.gz")]
    [InlineData("mtquirks64.v8.step12000.bin.gz")]
    [InlineData("quirks64.v7.step11900.bin.gz")]
    public void BinaryStatesWithThreads(string sample)
    {
        byte[] raw = StateSamples.Raw(sample);
        CheckStates("a.bin", raw, raw, ThreadOffsets(raw));
    }

    [Theory]
    [InlineData(Quirks)]
    [InlineData("mtquirks64.v8.step12000.bin.gz")]
    public void CompressedStates(string sample) =>
        CheckStates("a.bin.gz", StateSamples.Raw(sample), File.ReadAllBytes(StateSamples.Locate(sample)));

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.json.gz")]
    public void JsonStates(string name)
    {
        using var folder = new TemporaryFolder();
        using (MachineImage image = StateFile.Read(StateSamples.Locate(Quirks)))
        {
            StateFile.Write(folder.File(name), image);
        }

        CheckStates(name, StateSamples.Raw(Quirks), File.ReadAllBytes(folder.File(name)));
    }

    [Theory]
    [InlineData("p.json")]
    [InlineData("p.json.gz")]
    public void Proofs(string name)
    {
        using var folder = new TemporaryFolder();
        ProofFile.Write(folder.File(name), ProofFileTests.Sample());
        byte[] good = File.ReadAllBytes(folder.File(name));
        Check(folder, name, good, ErrorCode.InvalidProof, path =>
        {
            StepProof proof = ProofFile.Read(path);
            Assert.Equal(32, proof.PreHash.Length);
            Assert.Equal(32, proof.PostHash.Length);
            Assert.Equal(32, proof.Oracle?.Key.Length ?? 32);
        });
    }

    [Fact]
    public void Meta()
    {
        using var folder = new TemporaryFolder();
        ElfFile elf = ElfFile.Parse(RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", Elf)));
        MetaFile.Write(folder.File("meta.json"), new SymbolTable(elf.Symbols));
        byte[] good = File.ReadAllBytes(folder.File("meta.json"));
        Check(folder, "meta.json", good, ErrorCode.InvalidArgument, path => MetaFile.Read(path));
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.SingleThreaded2)]
    public void ElfFiles(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        byte[] good = RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", Elf));

        // e_phoff, e_shoff, the counts, then the first program headers' fields.
        int[] lengths = [28, 32, 40, 44, 48, 52, 56, 60, 64, 68, 72, 84, 88, 92, 96, 100];
        Check(folder, "a.elf", good, ErrorCode.InvalidElf, path =>
        {
            ElfFile elf = ElfFile.Parse(File.ReadAllBytes(path));
            using MachineImage image = Loader.Load32(elf, version);
            Assert.NotNull(new SymbolTable(elf.Symbols).NameAt(elf.EntryPoint));
            Assert.True(image.Memory.PageCount > 0);
        }, lengths);
    }

    [Theory]
    [InlineData(StateVersion.MultiThreaded64)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ElfFilesOf64Bits(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        byte[] good = RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", Elf64));

        // Both halves of e_phoff, e_shoff, the counts, then of the first program headers' fields.
        int[] lengths =
        [
            24, 28, 32, 36, 40, 44, 52, 56, 60, 64, 72, 76, 80, 84, 96, 100, 104, 108, 120, 128, 132, 136,
            140, 152, 156, 160, 164,
        ];
        Check(folder, "a.elf", good, ErrorCode.InvalidElf, path =>
        {
            ElfFile elf = ElfFile.Parse(File.ReadAllBytes(path));
            using MachineImage image = Loader.Load64(elf, version);
            Assert.NotNull(new SymbolTable(elf.Symbols).NameAt(elf.EntryPoint));
            Assert.True(image.Memory.PageCount > 0);
        }, lengths);
    }

    // A program has run for a while with a few threads on both stacks, some of them waiting in the versions
    // that know it.
    private static byte[] SeveralThreads(StateVersion version, string temporaryFile)
    {
        for (int seed = Seed; ; seed++)
        {
            using Machine machine = new RandomProgram(seed, version).CreateMachine();
            try
            {
                _ = machine.Run(new RunLimits { UntilStep = 200 });
            }
            catch (GuestPanicException)
            {
            }

            byte[] raw = StateSamples.Bytes(machine.Image, temporaryFile);
            int[] offsets = ThreadOffsets(raw);
            int word = machine.Features.WordSizeBytes;
            if (raw[offsets[LeftCount] + word - 1] > 0 && raw[offsets[RightCount] + word - 1] > 0)
            {
                return raw;
            }
        }
    }

    // Page count and first page number, reservation, both counts of threads, and of the first and last thread
    // on the left and the first on the right its number and flags, the hint's length.
    private static int[] ThreadOffsets(byte[] raw)
    {
        FeatureSet features = FeatureSet.Of((StateVersion)raw[0]);
        int word = features.WordSizeBytes;
        int pageCount = raw[word];
        int scalars = 1 + word + (pageCount * (word + GuestMemory.PageSizeBytes));
        int stacks = scalars + Witness.SizeBytes(features) - (3 * 32) - word;
        int left = stacks + word;
        int record = ThreadRecord.SizeBytes(features);
        int right = left + word + (raw[left + word - 1] * record);
        Assert.InRange(right, left + word, raw.Length - word - sizeof(uint));
        return
        [
            1, 1 + word, scalars + 32, scalars + 32 + (2 * word), left, right, left + word, left + (2 * word),
            right - record + word, right + word, right + (2 * word), raw.Length - sizeof(uint),
        ];
    }

    /// <summary>What the reader accepts can be written and read again, and gives the same bytes.</summary>
    /// <param name="name">File name, which says the format.</param>
    /// <param name="original">The state uncompressed.</param>
    /// <param name="good">The file to damage.</param>
    /// <param name="lengthOffsets">Where it has lengths and counts.</param>
    private static void CheckStates(
        string name, byte[] original, byte[] good, params int[] lengthOffsets)
    {
        using var folder = new TemporaryFolder();
        Check(folder, name, good, ErrorCode.InvalidState, path =>
        {
            byte[] bytes;
            using (MachineImage image = StateFile.Read(path))
            {
                bytes = StateSamples.Bytes(image, folder.File("again.bin"));
            }

            if (name == "a.bin.gz")
            {
                // The checksum leaves no damage to the content unnoticed.
                Assert.Equal(original, bytes);
            }

            using (MachineImage again = StateFile.Read(folder.File("again.bin")))
            {
                Assert.Equal(bytes, StateSamples.Bytes(again, folder.File("again.bin")));
            }

            File.Delete(folder.File("again.bin"));
        }, lengthOffsets);
    }

    private static void Check(
        TemporaryFolder folder,
        string name,
        byte[] good,
        ErrorCode code,
        Action<string> use,
        params int[] lengthOffsets)
    {
        var mutator = new Mutator(Seed, lengthOffsets);
        string path = folder.File(name);
        int refused = 0;
        for (int number = 0; number < MutationCount; number++)
        {
            File.WriteAllBytes(path, mutator.Mutate(good, number));
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                use(path);
            }
            catch (CulverinException error)
                when (error.Code == code || error.Code == ErrorCode.UnsupportedVersion)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"{name}, mutation {number} of seed {Seed}: {error}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            string what = $"{name}, mutation {number} of seed {Seed}";
            Assert.True(allocated < AllocatedMaxBytes, $"{what} took {allocated} bytes");
            Assert.True(watch.Elapsed < TimeMax, $"{what} took {watch.Elapsed}");
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }

        Assert.True(refused > MutationCount / 10, $"only {refused} of {MutationCount} were refused");
    }
}
