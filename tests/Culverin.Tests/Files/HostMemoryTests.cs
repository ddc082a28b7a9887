using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Culverin.Files;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>State files are streams: their size costs guest pages and nothing else.</summary>
public sealed unsafe class HostMemoryTests
{
    private const int PageCount = 75_000;

    /// <summary>The list of dirty pages takes 8 bytes a page and doubles as it grows.</summary>
    private const long AllocatedMaxBytes = 5 << 20;

    [Theory]
    [InlineData("big.bin")]
    [InlineData("big.bin.gz")]
    public void AStateOf300MegabytesPassesThroughSmallBuffers(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        using (MachineImage<uint> image = MakeImage())
        {
            long written = Allocated(() => StateFile.Write(path, image));
            Assert.True(written < AllocatedMaxBytes, $"writing took {written} bytes");
        }

        MachineImage? back = null;
        long read = Allocated(() => back = StateFile.Read(path));
        using (back)
        {
            Assert.True(read < AllocatedMaxBytes, $"reading took {read} bytes");
            Assert.Equal(PageCount, back!.Memory.PageCount);
            for (uint page = 0; page < PageCount; page++)
            {
                Assert.Equal(page * 3, back.Memory.ReadUInt32((ulong)PageOf(page) << GuestMemory.PageShift));
            }
        }
    }

    [Theory]
    [InlineData(1, 0x0010_0000u)]
    [InlineData(1, 0xffff_ffffu)]
    [InlineData(199, 0x0400_0001u)]
    [InlineData(199, 0xffff_ffffu)]
    public void AnAnnouncementCostsNothing(int offset, uint announced)
    {
        using var folder = new TemporaryFolder();
        byte[] raw = new byte[203];
        BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(offset), announced);
        File.WriteAllBytes(folder.File("bad.bin"), raw);
        long allocated = Allocated(() => OracleAssert.Fails(
            ErrorCode.InvalidState, () => StateFile.Read(folder.File("bad.bin"))));
        Assert.True(allocated < 1 << 20, $"took {allocated} bytes");
    }

    // A string of a gibibyte, from a file of a mebibyte.
    [Fact]
    public void AnEndlessJsonStringIsRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (string filling in new[] { "a", " ", "[" })
        {
            FileStream file = File.Create(folder.File("bad.json.gz"));
            using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            {
                gzip.Write(filling == "a" ? "{\"lastHint\": \"0x"u8 : "{"u8);
                byte[] piece = Encoding.ASCII.GetBytes(new string(filling[0], 1 << 20));
                for (int count = 0; count < 1 << 10; count++)
                {
                    gzip.Write(piece);
                }
            }

            OracleAssert.Fails(ErrorCode.InvalidState, () => StateFile.Read(folder.File("bad.json.gz")));
        }
    }

    private static uint PageOf(uint number) => (number * 13) + 5;

    private static MachineImage<uint> MakeImage()
    {
        MachineImage<uint> image = MachineImage.CreateEmpty32(StateVersion.SingleThreaded2);
        for (uint page = 0; page < PageCount; page++)
        {
            image.Memory.WriteUInt32((ulong)PageOf(page) << GuestMemory.PageShift, page * 3);
        }

        return image;
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
