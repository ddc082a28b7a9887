using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests;
using Culverin.Prove;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Proofs and witnesses with wrong bits: the twin says what the contract says. Where the second proof is not
/// read its bits do not matter to either; every other wrong bit of a proof is refused by both.
/// </summary>
public sealed class TamperingTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int RoundCount = 1500;

    private static readonly StepVerifier Twin = new(StateVersion.SingleThreaded);

    private static readonly Lazy<List<SampledStep>> Samples = new(() =>
        [.. new[] { "allinsn", "quirks", "hello" }.SelectMany(Sample)]);

    [Fact]
    public async Task The_twin_and_the_contract_judge_wrong_bits_alike()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        LoadedPreimages preimages = new(fixture.Arena);
        await preimages.LoadAsync(Samples.Value.Select(step => step.Proof));
        List<JudgedStep> steps = [];
        for (int round = 0; round < RoundCount; round++)
        {
            SampledStep sample = Samples.Value[random.Next(Samples.Value.Count)];
            StepProof proof = sample.Proof;
            StepCall call = random.Next(2) == 0
                ? new StepCall(Flip(proof.StateData, random), proof.ProofData)
                : new StepCall(proof.StateData, Flip(proof.ProofData, random));
            Verdict verdict =
                Verdict.OfTwin(Twin, call, preimages.PartOf(new MachineWitness(call.StateData.Span)));
            steps.Add(new JudgedStep($"seed {seed} round {round} {sample.Class}", call, verdict));
        }

        int refused = steps.Count(step => step.Expected.Hash is null);
        output.WriteLine($"{refused} of {RoundCount} refused");
        Assert.InRange(refused, RoundCount / 4, RoundCount * 3 / 4);
        _ = await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public async Task Every_byte_of_a_proof_counts_unless_its_proof_is_not_read()
    {
        LoadedPreimages preimages = new(fixture.Arena);
        await preimages.LoadAsync(Samples.Value.Select(step => step.Proof));
        int half = Twin.ProofDataSizeBytes / 2;
        int position = 0;
        List<JudgedStep> steps = [];
        foreach (SampledStep sample in Samples.Value)
        {
            // Another byte for every step, and all bytes of a proof over all steps.
            position = (position + 37) % (2 * half);
            byte[] changed = [.. sample.Proof.ProofData];
            changed[position] ^= 0x10;
            StepCall call = new(sample.Proof.StateData, changed);
            MachineWitness state = new(sample.Proof.StateData);
            uint word = InstructionWord.InProof(state, sample.Proof.ProofData);
            bool isRead = position < half || InstructionWord.AccessedAddress(state, word) is not null;
            Verdict verdict = Verdict.OfTwin(Twin, call, preimages.PartOf(state));
            string name = $"{sample.Class} byte {position}";
            Assert.True(isRead == verdict.Refusal is ErrorCode.ProofRejected, name);
            Assert.True(isRead || verdict.Hash == new Bytes32(sample.Proof.PostHash), name);
            steps.Add(new JudgedStep(name, call, verdict));
        }

        _ = await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public async Task An_exited_byte_above_1_is_handed_back_on_chain_and_refused_by_the_twin()
    {
        StepProof proof = Samples.Value[0].Proof;
        List<JudgedStep> steps = [];
        for (int value = 2; value < 256; value++)
        {
            MachineWitness state = new MachineWitness(proof.StateData)
                .WithByte(MachineWitness.ExitedOffset, (byte)value);
            StepCall call = new(state.Bytes, proof.ProofData);
            Verdict verdict = Verdict.OfTwin(Twin, call, null);
            Assert.Equal(ErrorCode.InvalidProof, verdict.Refusal);
            steps.Add(new JudgedStep($"exited byte {value}", call, verdict));
        }

        Dictionary<DifferenceKind, int> differences =
            await new Judge(fixture.Arena, output).CompareAsync(steps);
        Assert.Equal(steps.Count, differences[DifferenceKind.ExitedByte]);
    }

    [Fact]
    public void The_twin_refuses_a_proof_with_a_wrong_hash_or_step_number()
    {
        foreach (SampledStep sample in Samples.Value)
        {
            StepProof proof = sample.Proof;
            Twin.Verify(proof);
            Random random = new((int)proof.Step);
            RequireRejected(proof with { PreHash = Flip(proof.PreHash, random) }, "pre hash");
            RequireRejected(proof with { PostHash = Flip(proof.PostHash, random) }, "post hash");
            RequireRejected(proof with { PostHash = proof.PreHash }, "post hash");
            RequireRejected(proof with { Step = proof.Step + 1 }, "claims step");
            RequireRejected(proof with { Step = proof.Step ^ (1UL << 63) }, "claims step");
        }
    }

    [Fact]
    public void The_twin_refuses_other_sizes()
    {
        StepProof proof = Samples.Value[0].Proof;
        foreach (StepProof wrong in new[]
        {
            proof with { StateData = proof.StateData[..^1] },
            proof with { StateData = [.. proof.StateData, 0] },
            proof with { StateData = [] },
            proof with { ProofData = proof.ProofData[..^32] },
            proof with { ProofData = [.. proof.ProofData, 0] },
            proof with { ProofData = [] },
        })
        {
            CulverinException error = Assert.Throws<CulverinException>(() => Twin.Verify(wrong));
            Assert.Equal(ErrorCode.InvalidProof, error.Code);
        }
    }

    private static void RequireRejected(StepProof proof, string reason)
    {
        CulverinException error = Assert.Throws<CulverinException>(() => Twin.Verify(proof));
        Assert.Equal(ErrorCode.ProofRejected, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static List<SampledStep> Sample(string guest)
    {
        using Machine machine = new GuestVector(StateVersion.SingleThreaded, guest).CreateMachine();
        return new StepSampler(machine).Run();
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] changed = [.. bytes];
        int bit = random.Next(8 * bytes.Length);
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        if (random.Next(3) == 0)
        {
            int another = random.Next(8 * bytes.Length);
            changed[another / 8] ^= (byte)(another == bit ? 0 : 1 << (another % 8));
        }

        return changed;
    }
}
