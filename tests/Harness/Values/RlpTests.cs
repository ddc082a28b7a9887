using System.Numerics;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Values;

public sealed class RlpTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_values_encode_as_cast_does_and_decode_back()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            RlpItem item = Next(random, 0);
            byte[] encoded = item.Encode();
            Assert.Equal(Cast.Run("to-rlp", Notation(item)), Hex.Format(encoded));
            Assert.Equal(Notation(item), Notation(RlpItem.Decode(encoded)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Lengths_at_every_border_come_back(int length)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x80, length)];
        byte[] encoded = RlpItem.List(bytes, RlpItem.List(bytes)).Encode();
        RlpItem decoded = RlpItem.Decode(encoded);
        Assert.Equal(bytes, decoded.Items[0].Bytes.ToArray());
        Assert.Equal(bytes, decoded.Items[1].Items[0].Bytes.ToArray());
    }

    [Theory]
    [InlineData("0x", "ends where a value is due")]
    [InlineData("0x8100", "not the canonical")]
    [InlineData("0x817f", "not the canonical")]
    [InlineData("0xb801ff", "not the canonical")]
    [InlineData("0xf801c0", "not the canonical")]
    [InlineData("0xb90000", "not the canonical")]
    [InlineData("0xb90038", "longer than the data")]
    [InlineData("0x82ff", "longer than the data")]
    [InlineData("0xc2c1", "longer than the data")]
    [InlineData("0xb9ff", "ends within a length")]
    [InlineData("0xbfffffffffffffffff", "longer than the data")]
    [InlineData("0xff7fffffffffffffff", "longer than the data")]
    [InlineData("0x0000", "left over")]
    [InlineData("0xc000", "left over")]
    public void Other_encodings_are_refused(string data, string complaint)
    {
        ChainException error = Assert.Throws<ChainException>(() => RlpItem.Decode(Hex.Parse(data)));
        Assert.Equal(ChainFailure.Encoding, error.Failure);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_cannot_nest_without_end()
    {
        RlpItem item = RlpItem.List();
        for (int depth = 0; depth < RlpCodec.DepthMax; depth++)
        {
            item = RlpItem.List(item);
        }

        Assert.Throws<ChainException>(() => RlpItem.Decode(item.Encode()));
        Assert.NotNull(RlpItem.Decode(item.Items[0].Encode()));
    }

    [Fact]
    public void Random_bytes_decode_to_what_encodes_to_them_or_are_refused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = Next(random, 0).Encode();
            data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.Equal(data, RlpItem.Decode(data).Encode());
                accepted++;
            }
            catch (ChainException error)
            {
                Assert.Equal(ChainFailure.Encoding, error.Failure);
            }
        }

        Assert.InRange(accepted, 1_000, 19_000);
    }

    [Fact]
    public void Numbers_are_read_without_leading_zeros_and_in_range()
    {
        BigInteger large = BigInteger.Pow(2, 256) - 1;
        Assert.Equal(large, RlpItem.Decode(RlpItem.FromInteger(large).Encode()).AsUInt256());
        Assert.Equal(0ul, RlpItem.Empty.AsUInt64());
        Assert.Throws<ChainException>(() => RlpItem.FromBytes(new byte[] { 0, 1 }).AsUInt64());
        Assert.Throws<ChainException>(() => RlpItem.FromBytes(new byte[] { 0 }).AsUInt64());
        Assert.Throws<ChainException>(() => RlpItem.FromInteger(BigInteger.Pow(2, 64)).AsUInt64());
        Assert.Throws<ChainException>(() => RlpItem.FromInteger(large + 1).AsUInt256());
        Assert.Throws<ChainException>(() => RlpItem.List().AsUInt64());
        Assert.Throws<ChainException>(() => RlpItem.Empty.Items);
    }

    private static RlpItem Next(Random random, int depth)
    {
        if (depth < 4 && random.Next(2) == 0)
        {
            return RlpItem.List(Enumerable.Range(0, random.Next(6)).Select(_ => Next(random, depth + 1)));
        }

        byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(300) : random.Next(3)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Notation(RlpItem item)
    {
        IEnumerable<string> parts = item.IsList ? item.Items.Select(Notation) : [];
        return item.IsList ? "[" + string.Join(",", parts) + "]" : $"\"{Hex.Format(item.Bytes.Span)}\"";
    }
}
