using System.Numerics;
using System.Reflection;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Contracts;

public sealed class RandomCallTests(ITestOutputHelper output)
{
    private static readonly MethodInfo Decoder = typeof(ContractCodec)
        .GetMethod(nameof(ContractCodec.TryDecodeCall), BindingFlags.Public | BindingFlags.Static)!;

    [Fact]
    public void Random_calls_encode_as_cast_does_and_decode_back()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        RandomCalls random = new(seed);
        for (int round = 0; round < 150; round++)
        {
            FunctionMessage call = random.Next();
            byte[] encoded = ContractCodec.EncodeCall(call);
            FunctionABI function = ABITypedRegistry.GetFunctionABI(call.GetType());
            string expected =
                Cast.Run(["calldata", function.Signature, "--", .. RandomCalls.Notation(call)]);
            Assert.True(expected == Hex.Format(encoded), function.Signature);
            FunctionMessage? decoded = Decode(call, encoded);
            Assert.NotNull(decoded);
            Assert.Equal(RandomCalls.Notation(call), RandomCalls.Notation(decoded));
        }
    }

    [Fact]
    public void Mutated_calls_are_refused_or_are_exactly_what_they_decode_to()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        RandomCalls calls = new(seed);
        Random random = new(seed);
        int refused = 0;
        for (int round = 0; round < 3_000; round++)
        {
            FunctionMessage call = calls.Next();
            byte[] data = ContractCodec.EncodeCall(call);
            Mutate(random, ref data);
            if (Decode(call, data) is { } decoded)
            {
                Assert.Equal(data, ContractCodec.EncodeCall(decoded));
            }
            else
            {
                refused++;
            }
        }

        Assert.True(refused > 1_000, $"only {refused} of 3,000 mutations were noticed");
    }

    [Fact]
    public void What_does_not_fit_its_type_is_not_encoded()
    {
        FunctionMessage[] wrong =
        [
            new FaultDisputeGame.ClaimDataFunction { Value = BigInteger.One << 256 },
            new FaultDisputeGame.ClaimDataFunction { Value = -1 },
            new FaultDisputeGame.GetRequiredBondFunction { PositionWire = BigInteger.One << 128 },
            new FaultDisputeGame.ClaimsFunction { ValueWire = new byte[33] },
            new PreimageOracle.SqueezeLPPFunction(),
        ];
        Assert.All(wrong, call => Assert.Equal(
            ChainFailure.Abi,
            Assert.Throws<ChainException>(() => ContractCodec.EncodeCall(call)).Failure));
    }

    private static FunctionMessage? Decode(FunctionMessage call, byte[] data) =>
        (FunctionMessage?)Decoder.MakeGenericMethod(call.GetType())
            .Invoke(null, [(ReadOnlyMemory<byte>)data]);

    private static void Mutate(Random random, ref byte[] data)
    {
        int place = ContractCodec.SelectorBytes + random.Next(data.Length - ContractCodec.SelectorBytes);
        switch (random.Next(3))
        {
            case 0:
                data = data[..place];
                break;
            case 1:
                data[place] ^= (byte)(1 << random.Next(8));
                break;
            default:
                int word = place - ((place - ContractCodec.SelectorBytes) % Bytes32.SizeBytes);
                data.AsSpan(word, Bytes32.SizeBytes).Fill((byte)random.Next(256));
                break;
        }
    }
}
