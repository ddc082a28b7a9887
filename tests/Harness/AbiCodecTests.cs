using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Culverin.Harness.Chain;
using Culverin.Primitives;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests;

public sealed class AbiCodecTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_values_encode_as_cast_does_and_decode_back()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        RandomAbi random = new(seed);
        for (int round = 0; round < 150; round++)
        {
            AbiType type = random.NextParameters();
            AbiValue value = random.NextValue(type);
            byte[] encoded = AbiEncoder.Encode(type, value.AsList());
            string[] arguments = [.. value.AsList().Select((part, index) =>
                RandomAbi.Notation(type.Components[index].Type, part))];
            string expected = Cast.Run(["abi-encode", "f" + type, "--", .. arguments]);
            Assert.True(expected == Hex.Format(encoded), $"{type} of {value}");
            Assert.Equal(value, AbiValue.FromList(AbiDecoder.Decode(type, encoded)));
        }
    }

    [Fact]
    public void Mutated_encodings_decode_or_are_refused_but_never_crash()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        RandomAbi abi = new(seed);
        Random random = new(seed);
        int refused = 0;
        for (int round = 0; round < 3_000; round++)
        {
            AbiType type = abi.NextParameters();
            byte[] data = AbiEncoder.Encode(type, abi.NextValue(type).AsList());
            Mutate(random, ref data);
            try
            {
                _ = AbiDecoder.Decode(type, data);
            }
            catch (ChainException error)
            {
                Assert.Equal(ChainFailure.Abi, error.Failure);
                refused++;
            }
        }

        Assert.True(refused > 300, $"only {refused} of 3,000 mutations were noticed");
    }

    [Fact]
    public void Overlapping_parts_cannot_make_a_short_input_large()
    {
        // Every element of the outer array points at one inner array: n words would decode to n² values.
        const int Count = 1_000;
        byte[] data = new byte[(2 + Count + 1 + Count) * 32];
        Word(data, 0, 32);
        Word(data, 1, Count);
        for (int index = 0; index < Count; index++)
        {
            Word(data, 2 + index, Count * 32);
        }

        Word(data, 2 + Count, Count);
        ChainException error = Assert.Throws<ChainException>(
            () => AbiDecoder.Decode(AbiType.Parse("(uint256[][])"), data));
        Assert.Contains("overlap", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transfer(address,uint256)")]
    [InlineData("step(bytes,bytes,bytes32)")]
    [InlineData("challengeLPP(address,uint256,(uint64[25]),(bytes,uint256,bytes32),bytes32[])")]
    public void Selectors_are_casts(string signature)
    {
        int bracket = signature.IndexOf('(', StringComparison.Ordinal);
        AbiType inputs = AbiType.Parse(signature[bracket..]);
        AbiFunction function = new(signature[..bracket], inputs, AbiType.TupleOf([]));
        Assert.Equal(signature, function.Signature);
        Assert.Equal(Cast.Run("sig", signature), Hex.Format(function.Selector));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(1000)]
    public void Keccak_is_casts(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(index => (byte)(index * 7))];
        byte[] hash = new byte[32];
        Keccak256.Hash(data, hash);
        Assert.Equal(Cast.Run("keccak", Hex.Format(data)), Hex.Format(hash));
    }

    [Theory]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes33")]
    [InlineData("bytes0")]
    [InlineData("fixed128x18")]
    [InlineData("uint256[0]")]
    [InlineData("uint256[-1]")]
    [InlineData("uint256[99999999]")]
    [InlineData("uint256[")]
    [InlineData("()")]
    [InlineData("(uint256")]
    [InlineData("(uint256,)")]
    [InlineData("uint256)")]
    [InlineData("")]
    public void Other_texts_are_no_types(string text)
    {
        Assert.Equal(ChainFailure.Abi, Assert.Throws<ChainException>(() => AbiType.Parse(text)).Failure);
    }

    [Fact]
    public void Types_cannot_nest_without_end()
    {
        string brackets = string.Concat(Enumerable.Repeat("[1]", 100));
        Assert.Throws<ChainException>(() => AbiType.Parse("uint8" + brackets));
        Assert.Throws<ChainException>(() => AbiType.Parse(new string('(', 5_000)));
    }

    [Theory]
    [InlineData("(uint8)", 256)]
    [InlineData("(uint8)", -1)]
    [InlineData("(int8)", 128)]
    [InlineData("(int8)", -129)]
    public void Numbers_out_of_range_are_refused(string type, int value)
    {
        Assert.Throws<ChainException>(() => AbiEncoder.Encode(AbiType.Parse(type), [value]));
    }

    [Fact]
    public void Values_of_another_shape_are_refused()
    {
        List<(string Type, AbiValue Value)> wrong =
        [
            ("(bytes4)", new byte[5]),
            ("(address)", new byte[20]),
            ("(bool)", 1),
            ("(string)", new byte[1]),
            ("(string)", "\ud800"),
            ("(uint256[2])", new AbiValue[] { 1 }),
            ("((uint256,bool))", new AbiValue[] { 1 }),
            ("(bytes)", "text"),
            ("(uint256)", BigInteger.One << 256),
        ];
        Assert.All(wrong, pair => Assert.Throws<ChainException>(
            () => AbiEncoder.Encode(AbiType.Parse(pair.Type), [pair.Value])));
        Assert.Throws<ChainException>(() => AbiEncoder.Encode(AbiType.Parse("(bool)"), []));
    }

    private static void Mutate(Random random, ref byte[] data)
    {
        switch (random.Next(3))
        {
            case 0:
                data = data[..random.Next(data.Length)];
                break;
            case 1:
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                data.AsSpan(random.Next(data.Length / 32) * 32, 32).Fill((byte)random.Next(256));
                break;
        }
    }

    private static void Word(byte[] data, int index, int value) =>
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(index * 32 + 28), value);
}
