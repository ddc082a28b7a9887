using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Culverin.Files;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>State files against those of the reference, and between the formats.</summary>
public sealed class StateFileTests
{
    private const string Quirks = "quirks.v0.step2000.bin.gz";
    private const string Handmade = "handmade.v0.json";

    [Theory]
    [InlineData("hello.st.step0", "0x03532e22e877b39478b8fee49c27ea4ab68aadcb96f4607c52bcebbb6c39dc5a")]
    [InlineData("hello.st.step300000", "0x035f17a2af01bc50c317c97bc898dce437d7a3b9025e6651152d982af14fe0c2")]
    [InlineData("hello.st.final", "0x0069a0e8da7237e0cae548d4688e1381c5f650e939fb03bb6f999b05f827e551")]
    [InlineData("quirks.v0.step0", "0x03830b5b650e41c450ff82ddc23712e39767bd5c4df6fe3bc473b306b68bcc60")]
    [InlineData("quirks.v0.step2000", "0x03f5eb95f8e1bce11a44fb54a4a8b6e04440e27d6639011d4dd55647066d9345")]
    [InlineData("quirks.v0.final", "0x02da3f03d8b8773881b7179e29ea903d5b05f094d89a2d8acfa7baa11227d187")]
    public void SamplesOfTheReferenceAreReadAndWrittenAlike(string sample, string hash)
    {
        using var folder = new TemporaryFolder();
        byte[] expected = StateSamples.Raw(sample + ".bin.gz");
        using (MachineImage image = StateFile.Read(StateSamples.Locate(sample + ".bin.gz")))
        {
            Assert.Equal(expected, StateSamples.Bytes(image, folder.File("a.bin")));
            StateFile.Write(folder.File("a.bin.gz"), image);
        }

        Assert.Equal(expected, RepositoryFiles.ReadGzip(folder.File("a.bin.gz")));
        byte[] header = File.ReadAllBytes(folder.File("a.bin.gz"))[..10];
        Assert.Equal("1F8B08000000000000FF", Convert.ToHexString(header));
        Assert.Equal(hash, StateSamples.Hash(StateFile.Read(folder.File("a.bin"))));
        Assert.Equal(hash, StateSamples.Hash(StateFile.Read(folder.File("a.bin.gz"))));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Theory]
    [InlineData("state.json")]
    [InlineData("state.json.gz")]
    [InlineData("no-known-ending")]
    public void JsonHoldsTheWholeState(string name)
    {
        using var folder = new TemporaryFolder();
        using (MachineImage image = StateFile.Read(StateSamples.Locate(Quirks)))
        {
            StateFile.Write(folder.File(name), image);
        }

        using MachineImage back = StateFile.Read(folder.File(name));
        Assert.Equal(StateSamples.Raw(Quirks), StateSamples.Bytes(back, folder.File("a.bin")));
    }

    // Fields in another order than ours, unknown fields, escapes; hash and bytes as the reference computes
    // them.
    [Fact]
    public void JsonOfOtherWritersIsRead()
    {
        using var folder = new TemporaryFolder();
        var image = (MachineImage<uint>)StateFile.Read(StateSamples.Locate(Handmade));
        Assert.Equal("0000000C6C312D", Convert.ToHexString(image.State.LastHint));
        Assert.Equal(
            "b60f88e63f3a590c39b4820e818e6bf1cfc6641a1020771891602e0ad6f6de4f",
            Convert.ToHexStringLower(SHA256.HashData(StateSamples.Bytes(image, folder.File("a.bin")))));
        StateFile.Write(folder.File("b.json"), image);
        using (MachineImage again = StateFile.Read(folder.File("b.json")))
        {
            byte[] expected = File.ReadAllBytes(folder.File("a.bin"));
            Assert.Equal(expected, StateSamples.Bytes(again, folder.File("b.bin")));
        }

        Assert.Equal(
            "0x03eded5edc02bb16e11540e4d13fc5bbd4fd9a95d6cd91f909f59248f75e9b4e", StateSamples.Hash(image));
    }

    [Fact]
    public void JsonHasTheReferencesLayout()
    {
        using var folder = new TemporaryFolder();
        using MachineImage<uint> image = MachineImage.CreateEmpty32(StateVersion.SingleThreaded);
        image.State.LastHint = [0xab, 0x01];
        StateFile.Write(folder.File("a.json"), image);
        string zeros = string.Join(",\n    ", Enumerable.Repeat("0", 32));
        string key = new('0', 64);
        Assert.Equal(
            $$"""
            {
              "memory": [],
              "preimageKey": "0x{{key}}",
              "preimageOffset": 0,
              "pc": 0,
              "nextPC": 0,
              "lo": 0,
              "hi": 0,
              "heap": 0,
              "exit": 0,
              "exited": false,
              "step": 0,
              "registers": [
                {{zeros}}
              ],
              "lastHint": "0xab01"
            }


            """,
            File.ReadAllText(folder.File("a.json")));
    }

    [Fact]
    public void JsonOfAVersionWithoutItIsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        using MachineImage image = StateFile.Read(StateSamples.Locate("hello.st.step0.bin.gz"));
        OracleAssert.Fails(ErrorCode.UnsupportedVersion, () => StateFile.Write(folder.File("a.json"), image));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AnEmptyNameWritesNothing()
    {
        using MachineImage image = StateFile.Read(StateSamples.Locate(Quirks));
        StateFile.Write("", image);
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => StateFile.Read(""));
    }

    [Fact]
    public void PagesMayComeInAnyOrderAndBytesMayFollow()
    {
        using var folder = new TemporaryFolder();
        byte[] raw = StateSamples.Raw(Quirks);
        byte[] swapped = [.. raw[..5], .. raw[4105..8205], .. raw[5..4105], .. raw[8205..], 1, 2];
        File.WriteAllBytes(folder.File("a.bin"), swapped);
        File.WriteAllBytes(folder.File("a.bin.gz"), Gzip(swapped));
        foreach (string name in new[] { "a.bin", "a.bin.gz" })
        {
            using MachineImage image = StateFile.Read(folder.File(name));
            Assert.Equal(raw, StateSamples.Bytes(image, folder.File("b.bin")));
        }
    }

    [Fact]
    public void ALongHintSurvives()
    {
        using var folder = new TemporaryFolder();
        using MachineImage<uint> image = MachineImage.CreateEmpty32(StateVersion.SingleThreaded);
        image.State.LastHint = RandomNumberGenerator.GetBytes(3_000_001);
        foreach (string name in new[] { "a.bin", "a.bin.gz", "a.json", "a.json.gz" })
        {
            StateFile.Write(folder.File(name), image);
            using var back = (MachineImage<uint>)StateFile.Read(folder.File(name));
            Assert.Equal(image.State.LastHint, back.State.LastHint);
        }

        image.State.LastHint = new byte[9 << 20];
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => StateFile.Write(folder.File("b.json"), image));
    }

    // Offsets into a raw state without pages: version 0, count 1, scalars from 5 (exited byte at 62), hint
    // length 199.
    [Theory]
    [InlineData(0, 9, ErrorCode.UnsupportedVersion, "version 9")]
    [InlineData(0, 255, ErrorCode.UnsupportedVersion, "version 255")]
    [InlineData(0, 8, ErrorCode.InvalidState, "cannot be used. The active thread stack is empty.")]
    [InlineData(0, 1, ErrorCode.InvalidState, "cannot be used. The active thread stack is empty.")]
    [InlineData(1, 1, ErrorCode.InvalidState, "announces 16777216 pages")]
    [InlineData(4, 1, ErrorCode.InvalidState, "too early")]
    [InlineData(62, 2, ErrorCode.InvalidState, "cannot be used. The exited byte is 0 or 1, not 2.")]
    [InlineData(199, 255, ErrorCode.InvalidState, "hint of 4278190080")]
    [InlineData(202, 1, ErrorCode.InvalidState, "too early")]
    public void WrongBytesAreNamed(int offset, byte value, ErrorCode code, string what)
    {
        using var folder = new TemporaryFolder();
        byte[] raw = new byte[203];
        raw[offset] = value;
        File.WriteAllBytes(folder.File("bad.bin"), raw);
        CulverinException error = OracleAssert.Fails(code, () => StateFile.Read(folder.File("bad.bin")));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("bad.bin", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
    }

    // No program can bring it about, but a file may say so, as the reference's reader accepts it.
    [Fact]
    public void RegisterZeroMayHoldAnything()
    {
        using var folder = new TemporaryFolder();
        byte[] raw = new byte[203];
        raw[71] = 1;
        File.WriteAllBytes(folder.File("a.bin"), raw);
        using var image = (MachineImage<uint>)StateFile.Read(folder.File("a.bin"));
        Assert.Equal(raw, StateSamples.Bytes(image, folder.File("b.bin")));
        StateFile.Write(folder.File("a.json"), image);
        using MachineImage back = StateFile.Read(folder.File("a.json"));
        Assert.Equal(raw, StateSamples.Bytes(back, folder.File("b.bin")));
    }

    [Theory]
    [InlineData(0x00100000, "outside")]
    [InlineData(7, "twice")]
    public void PagesOutsideOrTwiceAreRefused(uint second, string what)
    {
        using var folder = new TemporaryFolder();
        byte[] raw = new byte[203 + (2 * 4100)];
        raw[4] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(5), 7);
        BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(5 + 4100), second);
        File.WriteAllBytes(folder.File("bad.bin"), raw);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidState, () => StateFile.Read(folder.File("bad.bin")));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] raw = new byte[203 + 4100];
        raw[4] = 1;
        foreach ((string name, byte[] whole) in new[] { ("a.bin", raw), ("a.bin.gz", Gzip(raw)) })
        {
            int step = whole.Length > 1000 ? 61 : 1;
            for (int length = 0; length < whole.Length; length += step)
            {
                File.WriteAllBytes(folder.File(name), whole[..length]);
                OracleAssert.Fails(ErrorCode.InvalidState, () => StateFile.Read(folder.File(name)));
            }
        }
    }

    [Theory]
    [InlineData("\"registers\": [0, ", "\"registers\": [", "register 31")]
    [InlineData("\"registers\": [0, ", "\"registers\": [0, 0, ", "more than 32")]
    [InlineData("\"registers\": [0, ", "\"registers\": [4294967296, ", "register 0 is not")]
    [InlineData("\"registers\": [0, ", "\"registers\": [\"0\", ", "register 0 is not")]
    [InlineData("\"pc\": 69636", "\"pc\": 4294967296", "pc is not")]
    [InlineData("\"pc\": 69636", "\"pc\": -1", "pc is not")]
    [InlineData("\"pc\": 69636", "\"pc\": 1.5", "pc is not")]
    [InlineData("\"pc\": 69636", "\"pc\": null", "pc is not")]
    [InlineData("\"pc\": 69636", "\"pc\": 1, \"pc\": 1", "twice")]
    [InlineData("\"pc\": 69636, ", "", "no field \"pc\"")]
    [InlineData("\"exited\": false", "\"exited\": 0", "neither true nor false")]
    [InlineData("\"exit\": 3", "\"exit\": 256", "exit is not")]
    [InlineData("\"lastHint\": \"0x", "\"lastHint\": \"0x0", "lastHint is not")]
    [InlineData("\"lastHint\": \"0x", "\"lastHint\": \"0xg0", "no hexadecimal digit")]
    [InlineData("\"lastHint\": \"0x", "\"lastHint\": \"\\u0030\\ud800", "escape")]
    [InlineData("\"index\": 17", "\"index\": 18", "twice")]
    [InlineData("\"index\": 17", "\"index\": 1048576", "outside")]
    [InlineData("\"data\": \"", "\"data\": \"!", "not base64")]
    [InlineData("\"data\": \"", "\"data\": \"AAAA", "damaged")]
    [InlineData("\"memory\": [", "\"memory\": [[], ", "page is not an object")]
    [InlineData("\"memory\": [", "\"memory\": {}, \"x\": [", "memory is not an array")]
    [InlineData("}\n", "} {}", "not valid JSON")]
    [InlineData("}\n", "", "not valid JSON")]
    public void WrongJsonIsNamed(string find, string replace, string what)
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(StateSamples.Locate(Handmade));
        int place = find == "}\n" ? text.LastIndexOf(find, StringComparison.Ordinal)
            : text.IndexOf(find, StringComparison.Ordinal);
        string bad = text[..place] + replace + text[(place + find.Length)..];
        File.WriteAllText(folder.File("bad.json"), bad);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidState, () => StateFile.Read(folder.File("bad.json")));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void JsonPagesOfAnotherSizeAreRefused(int size)
    {
        using var folder = new TemporaryFolder();
        using var zlib = new MemoryStream();
        using (var compress = new ZLibStream(zlib, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            compress.Write(new byte[size]);
        }

        string page = $"[{{\"index\": 0, \"data\": \"{Convert.ToBase64String(zlib.ToArray())}\"}}, ";
        string text = File.ReadAllText(StateSamples.Locate(Handmade));
        string bad = text.Replace("\"memory\": [", "\"memory\": " + page, StringComparison.Ordinal);
        File.WriteAllText(folder.File("bad.json"), bad);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidState, () => StateFile.Read(folder.File("bad.json")));
        Assert.Contains("4096 bytes", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] raw)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(raw);
        }

        return compressed.ToArray();
    }
}
