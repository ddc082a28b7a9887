using System.Buffers.Binary;
using System.Text;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>Answers of precompiled contracts, beside what a node says to a call.</summary>
public sealed class PrecompileAnswersTests(AnvilFixture fixture) : IClassFixture<AnvilFixture>
{
    private const int Seed = 6;
    private const int RecoverCases = 40;

    private static readonly Address Recover = Contract(1);
    private static readonly Address Pairing = Contract(8);

    [Fact]
    public async Task Signers_are_recovered_as_the_contract_does_it()
    {
        Random random = new(Seed);
        PrivateKey key = PrivateKey.Parse("0x" + new string('7', 64));
        for (int round = 0; round < RecoverCases; round++)
        {
            byte[] input = new byte[128];
            random.NextBytes(input);
            input.AsSpan(32, 31).Clear();
            input[63] = (byte)(26 + random.Next(4));
            if (round % 2 == 0)
            {
                Bytes32 hash = new(input.AsSpan(0, 32));
                EcdsaSignature signature = key.Sign(hash);
                signature.R.CopyTo(input.AsSpan(64));
                signature.S.CopyTo(input.AsSpan(96));
                input[63] = (byte)(27 + signature.RecoveryId);
            }

            byte[] question = input[..(round % 5 == 4 ? random.Next(128) : 128)];
            CallOutcome outcome = await fixture.Node.CallAsync(
                new CallRequest { From = Contract(0x99), To = Recover, Data = question });
            (Bytes32 answerKey, byte[] value) = await AnswerAsync(Recover, question, gas: null);
            Assert.Equal(KeyOf(Recover, question, null), answerKey);
            bool isEqual = value.AsSpan(1).SequenceEqual(outcome.Data.Span);
            Assert.True(isEqual, $"seed {Seed}, round {round}: {Hex.Format(value)}");
            Assert.Equal(1, value[0]);
        }
    }

    [Fact]
    public async Task Other_contracts_are_asked_from_the_node()
    {
        byte[] one = new byte[33];
        one[0] = one[^1] = 1;
        foreach (ulong? gas in new ulong?[] { null, 45_000 })
        {
            (Bytes32 key, byte[] value) = await AnswerAsync(Pairing, [], gas);
            Assert.Equal(KeyOf(Pairing, [], gas), key);
            Assert.Equal(one, value);
            Assert.Equal([0], (await AnswerAsync(Pairing, [1], gas)).Value);
        }
    }

    [Theory]
    [InlineData("l2-code 0x00")]
    [InlineData("l1-precompiles 0x00")]
    [InlineData("")]
    public async Task Other_hints_are_no_questions(string hint) =>
        Assert.Null(await Answers().AnswerAsync(Encoding.ASCII.GetBytes(hint)));

    [Theory]
    [InlineData("l1-precompile 0x")]
    [InlineData("l1-precompile zero")]
    [InlineData("l1-precompile-v2 0x000000000000000000000000000000000000000100000000000000")]
    public async Task Malformed_questions_are_refused(string hint) =>
        await Assert.ThrowsAsync<ChainException>(
            () => Answers().AnswerAsync(Encoding.ASCII.GetBytes(hint)));

    private static Address Contract(byte number) => new([.. new byte[19], number]);

    private static byte[] Question(Address contract, byte[] input, ulong? gas)
    {
        byte[] name = new byte[20];
        contract.CopyTo(name);
        byte[] units = new byte[gas is null ? 0 : sizeof(ulong)];
        if (gas is { } value)
        {
            BinaryPrimitives.WriteUInt64BigEndian(units, value);
        }

        return [.. name, .. units, .. input];
    }

    private static Bytes32 KeyOf(Address contract, byte[] input, ulong? gas) =>
        new([6, .. Bytes32.Keccak256(Question(contract, input, gas)).ToArray().Skip(1)]);

    private PrecompileAnswers Answers() => new(_ => Task.FromResult(fixture.Node));

    private async Task<(Bytes32 Key, byte[] Value)> AnswerAsync(Address contract, byte[] input, ulong? gas)
    {
        string kind = gas is null ? "l1-precompile" : "l1-precompile-v2";
        string hint = $"{kind} {Hex.Format(Question(contract, input, gas))}";
        return (await Answers().AnswerAsync(Encoding.ASCII.GetBytes(hint), CancellationToken.None))!.Value;
    }
}
