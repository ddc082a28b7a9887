using System.Buffers.Binary;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>
/// The native state format: the same states as in the reference's files, and damage of every kind, by chance
/// and on purpose.
/// </summary>
public sealed class NativeStateTests
{
    private const int Seed = 77_031;
    private const int MutationCount = 1400;
    private const int LargePageCount = 3000;
    private const int HeadChecksumStart = 120;
    private const int BodyChecksumStart = 112;

    [Theory]
    [InlineData("hello.st.step300000.bin.gz")]
    [InlineData("hello.mt.step300000.bin.gz")]
    [InlineData("hello.mt64.final.bin.gz")]
    [InlineData("mtquirks.v5.step12000.bin.gz")]
    [InlineData("mtquirks64.v6.step100000.bin.gz")]
    [InlineData("mtquirks64.v8.step12000.bin.gz")]
    public void StatesGoRound(string sample)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.culverin");
        using (MachineImage image = StateFile.Read(StateSamples.Locate(sample)))
        {
            StateFile.Write(path, image);
        }

        using MachineImage again = StateFile.Read(path);
        Assert.Equal(StateSamples.Raw(sample), StateSamples.Bytes(again, folder.File("a.bin")));
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void LargeStatesAreReadAndStayPrivate(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.culverin");
        string hash;
        using (MachineImage image = CreateLarge(version))
        {
            StateFile.Write(path, image);
            hash = StateSamples.Hash(image);
        }

        byte[] before = File.ReadAllBytes(path);
        Assert.Equal(hash, StateSamples.Hash(StateFile.Read(path)));
        using (MachineImage image = StateFile.Read(path))
        {
            foreach (ulong page in image.Memory.PresentPages().ToArray())
            {
                image.Memory.WriteUInt32(page << GuestMemory.PageShift, 0);
            }
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    // Whatever becomes of the file later, what was loaded stays: a mapped part that is lost ends the process.
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void WhatWasLoadedOutlivesItsFile(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.culverin");
        string hash;
        using (MachineImage image = CreateLarge(version))
        {
            StateFile.Write(path, image);
            hash = StateSamples.Hash(image);
        }

        using MachineImage loaded = StateFile.Read(path);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(0);
        }

        Assert.Equal(hash, StateSamples.Hash(loaded));
    }

    [Theory]
    [InlineData("quirks.v0.step2000.bin.gz", false)]
    [InlineData("quirks.v0.step2000.bin.gz", true)]
    [InlineData("mtquirks64.v8.step12000.bin.gz", false)]
    [InlineData("mtquirks64.v8.step12000.bin.gz", true)]
    public void DamageIsATypedError(string sample, bool repairsChecksums)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.culverin");
        byte[] original = StateSamples.Raw(sample);
        using (MachineImage image = StateFile.Read(StateSamples.Locate(sample)))
        {
            StateFile.Write(path, image);
        }

        byte[] good = File.ReadAllBytes(path);
        var mutator = new Mutator(Seed, 12, 16, 24, 32, 40, 44, 48, 52, 56, 60, 112, 128, 160, 200, 260);
        int refused = 0;
        for (int number = 0; number < MutationCount; number++)
        {
            byte[] bad = mutator.Mutate(good, number);
            if (repairsChecksums)
            {
                Repair(bad);
            }

            File.WriteAllBytes(path, bad);
            try
            {
                byte[] bytes;
                using (MachineImage image = StateFile.Read(path))
                {
                    bytes = StateSamples.Bytes(image, folder.File("a.bin"));
                }

                // Without repaired checksums nothing but the state itself can come out.
                Assert.True(repairsChecksums || original.AsSpan().SequenceEqual(bytes), $"mutation {number}");
                using MachineImage again = StateFile.Read(folder.File("a.bin"));
                Assert.Equal(bytes, StateSamples.Bytes(again, folder.File("b.bin")));
            }
            catch (CulverinException error)
                when (error.Code is ErrorCode.InvalidState or ErrorCode.UnsupportedVersion)
            {
                refused++;
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"mutation {number} of seed {Seed}: {error}");
            }
        }

        Assert.True(refused > MutationCount / 4, $"only {refused} of {MutationCount} were refused");
    }

    [Fact]
    public void HashesInAFileFromOutsideAreNotBelieved()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.culverin");
        using MachineImage image = StateFile.Read(StateSamples.Locate("quirks.v0.step2000.bin.gz"));
        ulong[] pages = [.. image.Memory.PresentPages()];
        nint[] contents = [.. pages.Select(page => Address(image.Memory, page))];
        byte[] roots = PageHasher.RootsOf(contents);
        roots[0] ^= 1;
        byte[] record = NativeStateWriter.RecordOf(image);
        NativeHeader header = NativeStateWriter.HeaderOf(image, record, pages.Length);
        header = header with { Flags = header.Flags | NativeFlags.HasRoots };
        NativeStateWriter.Write(path, header, record, pages, contents, roots);
        Assert.Equal(StateSamples.Hash(image), StateSamples.Hash(StateFile.Read(path)));
    }

    /// <summary>Sparse and dense parts, not in step with their place in a file.</summary>
    private static MachineImage CreateLarge(StateVersion version)
    {
        var random = new Random(Seed);
        MachineImage image = MachineImage.CreateEmpty(version);
        byte[] page = new byte[GuestMemory.PageSizeBytes];
        for (int number = 0; number < LargePageCount; number++)
        {
            random.NextBytes(page);
            bool isSparse = number > LargePageCount / 2 && number % 10 == 9;
            ulong index = isSparse ? (ulong)random.Next(1 << 20) : (ulong)(5000 + number);
            image.Memory.WriteBytes(index << GuestMemory.PageShift, page);
        }

        return image;
    }

    // SAFETY: used while the image lives.
    private static unsafe nint Address(GuestMemory memory, ulong page) =>
        (nint)memory.PageForReading(page);

    /// <summary>Gives damaged content the checksums that fit it, as an attacker would.</summary>
    private static void Repair(byte[] bad)
    {
        if (bad.Length < NativeHeader.SizeBytes)
        {
            return;
        }

        SealHead(bad);
        try
        {
            NativeHeader header = NativeHeader.Read(bad, bad.Length);
            for (int row = 0; row < header.PageCount; row++)
            {
                int entry = NativeHeader.SizeBytes + (int)header.TableOffset + (row * header.RowSizeBytes);
                ReadOnlySpan<byte> page = bad.AsSpan(
                    (int)header.PagesOffset + (row * GuestMemory.PageSizeBytes), GuestMemory.PageSizeBytes);
                BinaryPrimitives.WriteUInt64LittleEndian(
                    bad.AsSpan(entry + sizeof(ulong)), Checksum64.Of(page));
            }

            ReadOnlySpan<byte> body = bad.AsSpan(NativeHeader.SizeBytes, (int)header.BodyBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(
                bad.AsSpan(BodyChecksumStart), Checksum64.Of(body));
            SealHead(bad);
        }
        catch (Exception error) when (error is CulverinException or MalformedException)
        {
            // Its head alone is enough to be refused.
        }
    }

    private static void SealHead(byte[] bad) => BinaryPrimitives.WriteUInt64LittleEndian(
        bad.AsSpan(HeadChecksumStart), Checksum64.Of(bad.AsSpan(0, HeadChecksumStart)));
}
