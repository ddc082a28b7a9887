using System.IO.Compression;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.State;
using Culverin.Tests.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Files;

/// <summary>Compressed files are read as the reference's library reads them (RFC 1952).</summary>
public sealed class GzipReaderTests(ITestOutputHelper output)
{
    private const string Sample = "quirks.v0.step2000.bin.gz";

    [Theory]
    [InlineData("a.bin.gz")]
    [InlineData("a.json.gz")]
    public void AStateMayConsistOfMembers(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] plain;
        using (MachineImage image = StateFile.Read(StateSamples.Locate(Sample)))
        {
            string whole = folder.File(name[..^3]);
            StateFile.Write(whole, image);
            plain = File.ReadAllBytes(whole);
        }

        File.WriteAllBytes(
            folder.File(name), [.. Member(plain[..1000]), .. Member([]), .. Member(plain[1000..])]);
        using MachineImage back = StateFile.Read(folder.File(name));
        Assert.Equal(StateSamples.Raw(Sample), StateSamples.Bytes(back, folder.File("b.bin")));
        using MachineImage fromMemory = StateFile.Read(File.ReadAllBytes(folder.File(name)));
        Assert.Equal(StateSamples.Raw(Sample), StateSamples.Bytes(fromMemory, folder.File("b.bin")));
    }

    [Fact]
    public void MembersOfAllSizesAreReadThroughBuffersOfAllSizes()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[][] parts = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Content(random))];
            byte[] data = [.. parts.SelectMany(part => Member(part, Level(random)))];
            Assert.True(
                parts.SelectMany(part => part).SequenceEqual(Unpack(data, random.Next(1, 200_000))),
                $"round {round}");
        }
    }

    [Fact]
    public void WhatEndsAnywhereElseIsRefused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            byte[][] members = [.. Enumerable.Range(0, 3).Select(
                _ => Member(Content(random, 300), Level(random)))];
            byte[] data = [.. members.SelectMany(member => member)];
            int[] ends = [members[0].Length, members[0].Length + members[1].Length];
            for (int length = 1; length < data.Length; length++)
            {
                if (!ends.Contains(length))
                {
                    Assert.Throws<InvalidDataException>(() => Unpack(data[..length], 4096));
                }
            }
        }
    }

    [Fact]
    public void ACutBehindWhatLooksLikeTheLengthIsRefused()
    {
        byte[] numbers = [.. Enumerable.Range(1, 100).SelectMany(
            number => BitConverter.GetBytes(number * sizeof(int)))];
        byte[] member = Member(numbers, CompressionLevel.NoCompression);
        Assert.Equal(numbers, Unpack(member, 10));
        for (int length = 1; length < member.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Unpack(member[..length], 4096));
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("000000000000000000")]
    [InlineData("1f")]
    [InlineData("1f8b")]
    [InlineData("1f8b08")]
    [InlineData("1f8b0800000000000000")]
    [InlineData("1f8b08000000000000000300")]
    [InlineData("68656c6c6f")]
    public void WhatFollowsAMemberMustBeOne(string more)
    {
        byte[] member = Member([1, 2, 3]);
        Assert.Equal([1, 2, 3], Unpack(member, 10));
        Assert.Throws<InvalidDataException>(
            () => Unpack([.. member, .. Convert.FromHexString(more)], 10));
        Assert.Throws<InvalidDataException>(
            () => Unpack([.. member, .. Convert.FromHexString(more), .. member], 10));
    }

    [Fact]
    public void ADamagedMemberIsRefusedWhereverItStands()
    {
        byte[] good = Member([1, 2, 3]);
        for (int place = good.Length - 8; place < good.Length; place++)
        {
            byte[] bad = [.. good];
            bad[place] ^= 1;
            Assert.Throws<InvalidDataException>(() => Unpack([.. bad, .. good], 10));
            Assert.Throws<InvalidDataException>(() => Unpack([.. good, .. bad], 10));
        }
    }

    /// <summary>Bytes that compress in parts, and hold what looks like the beginning of a member.</summary>
    private static byte[] Content(Random random, int sizeMaxBytes = 150_000)
    {
        var content = new List<byte>();
        int size = random.Next(4) == 0 ? 0 : random.Next(sizeMaxBytes);
        while (content.Count < size)
        {
            byte[] piece = new byte[random.Next(1, 1000)];
            switch (random.Next(3))
            {
                case 0: random.NextBytes(piece); break;
                case 1: piece = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]; break;
                default: break;
            }

            content.AddRange(piece);
        }

        return [.. content];
    }

    private static CompressionLevel Level(Random random) =>
        random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest;

    private static byte[] Member(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, level, leaveOpen: true))
        {
            gzip.Write(content);
            gzip.Flush();
        }

        // The library writes nothing at all for no content.
        return member.Length > 0
            ? member.ToArray()
            : Convert.FromHexString("1f8b08000000000000ff03000000000000000000");
    }

    private static byte[] Unpack(byte[] data, int bufferSizeBytes)
    {
        using var reader = new GzipReader(new MemoryStream(data));
        using var content = new MemoryStream();
        reader.CopyTo(content, bufferSizeBytes);
        return content.ToArray();
    }
}
