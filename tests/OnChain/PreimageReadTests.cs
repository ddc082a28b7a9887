using Culverin.Harness.Arenas.Steps;
using Culverin.Isa;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Random reads of pre-images: of local data, Keccak-256 and SHA-256 keys, at any offset, to any alignment,
/// of any length, with and without a reservation of the word.
/// </summary>
public sealed class PreimageReadTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const int ReadCount = 400;
    private const ulong Target = 0x0123_4000;

    private static readonly byte[] FiveBytes = [1, 2, 3, 4, 5];

    private static readonly ulong[] Counts =
        [0, 1, 2, 3, 4, 5, 7, 8, 9, 32, 33, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x1_0000_0001, ulong.MaxValue];

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task Reads_agree(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        Random random = new(Seed);
        List<StepProof> proofs =
            [.. Enumerable.Range(0, ReadCount).Select(_ => RandomRead(contract, random))];
        LoadedPreimages preimages = new(await Fixture.ArenaOfAsync(contract));
        await preimages.LoadAsync(proofs.Select(proof => proof.Oracle));
        List<JudgedStep> steps = [];
        foreach (StepProof proof in proofs)
        {
            contract.Twin.Verify(proof);
            steps.Add(new JudgedStep(
                $"seed {Seed} step {proof.Step}", HandmadeStep.Call(proof), Verdict.Accept(proof.PostHash)));
        }

        Assert.Empty(await JudgeAsync(contract, steps));
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task A_part_that_is_not_loaded_reverts(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        byte[] key = Preimages.KeyOf(PreimageKeyType.Keccak256, FiveBytes);
        StepCall call = HandmadeStep.Call(HandmadeStep.Prove(
            HandmadeStep.Reading(contract, key, 4, Target, 4), new CallbackOracle(_ => FiveBytes)));
        Verdict verdict = Verdict.OfTwin(contract.Twin, call, null);
        Assert.Equal(ErrorCode.ProofRejected, verdict.Refusal);
        StepOutcome outcome = (await (await Fixture.ArenaOfAsync(contract)).StepManyAsync([call]))[0];
        Assert.Equal(Verdict.NoPreimage, outcome.Revert!.Text);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public void A_read_at_the_end_panics(string name)
    {
        byte[] key = Preimages.KeyOf(PreimageKeyType.Keccak256, FiveBytes);
        Culverin.Execute.GuestPanicException panic =
            Assert.Throws<Culverin.Execute.GuestPanicException>(() => HandmadeStep.Prove(
                HandmadeStep.Reading(DeployedContract.Of(name), key, 13, Target, 4),
                new CallbackOracle(_ => FiveBytes)));
        Assert.Equal(TrapReason.PreimageOffsetOutOfRange, panic.Reason);
    }

    private static StepProof RandomRead(DeployedContract contract, Random random)
    {
        PreimageKeyType[] types = [PreimageKeyType.Local, PreimageKeyType.Keccak256, PreimageKeyType.Sha256];
        PreimageKeyType type = types[random.Next(types.Length)];
        byte[] value = new byte[random.Next(type == PreimageKeyType.Local ? 33 : 100)];
        random.NextBytes(value);
        uint offset = (uint)random.Next(8 + value.Length);
        ulong address = Target + (ulong)random.Next(4096);
        ulong count = Counts[random.Next(Counts.Length)];
        MachineImage image =
            HandmadeStep.Reading(contract, Preimages.KeyOf(type, value), offset, address, count);
        byte[] word = new byte[8];
        random.NextBytes(word);
        image.Memory.WriteBytes(address & ~7UL, word);
        image.SetStep((ulong)random.NextInt64(1L << 40));
        if (image.Threads() is { } threads && random.Next(2) == 0)
        {
            threads.Reservation = (ReservationStatus)random.Next(1, 3);
            threads.ReservedAddress = address ^ (ulong)random.Next(16);
        }

        return HandmadeStep.Prove(image, new CallbackOracle(_ => value));
    }
}
