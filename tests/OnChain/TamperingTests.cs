using System.Collections.Concurrent;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Prove;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Thread records, proofs and witnesses with wrong bits: the twin says what the contract says. Where a memory
/// proof is not read its bits do not matter to either; every other wrong bit is refused by both.
/// </summary>
public sealed class TamperingTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const int RoundCount = 1500;
    private const int ProofByteRoundCount = 3;

    private static readonly ConcurrentDictionary<DeployedContract, List<SampledStep>> Samples = [];

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task The_twin_and_the_contract_judge_wrong_bits_alike(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        List<SampledStep> samples = SamplesOf(contract);
        Random random = new(Seed);
        LoadedPreimages preimages = await LoadPreimagesAsync(contract);
        List<JudgedStep> steps = [];
        for (int round = 0; round < RoundCount; round++)
        {
            SampledStep sample = samples[random.Next(samples.Count)];
            StepProof proof = sample.Proof;

            // One in three in the thread's record where there is one, which is a twentieth of the bytes.
            int record = contract.Layout.ThreadProofBytes;
            int end = random.Next(2) == 0 && record > 0 ? record : proof.ProofData.Length;
            StepCall call = random.Next(contract.Layout.HasThreads ? 3 : 2) == 0
                ? new StepCall(
                    Flip(proof.StateData, proof.StateData.Length, random, TruthsOfState(contract)),
                    proof.ProofData)
                : new StepCall(
                    proof.StateData, Flip(proof.ProofData, end, random, TruthsOfProof(contract)));
            Verdict verdict =
                Verdict.OfTwin(contract.Twin, call, preimages.PartOf(contract.WitnessOf(call)));
            steps.Add(new JudgedStep($"seed {Seed} round {round} {sample.Class}", call, verdict));
        }

        int refused = steps.Count(step => step.Expected.Hash is null);
        Output.WriteLine($"{refused} of {RoundCount} refused");
        Assert.InRange(refused, RoundCount / 4, RoundCount * 9 / 10);
        _ = await JudgeAsync(contract, steps);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task Every_byte_of_a_proof_counts_unless_its_proof_is_not_read(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        LoadedPreimages preimages = await LoadPreimagesAsync(contract);
        int position = 0;
        List<JudgedStep> steps = [];
        for (int round = 0; round < ProofByteRoundCount; round++)
        {
            foreach (SampledStep sample in SamplesOf(contract))
            {
                // Another byte for every step, and all parts of a proof over all steps.
                position = (position + 41) % contract.Layout.ProofBytes;
                steps.Add(WithWrongByte(contract, sample, position, preimages));
            }
        }

        int unread = steps.Count(step => step.Expected.Hash is not null);
        Output.WriteLine($"{unread} of {steps.Count} in proofs that are not read");
        Assert.InRange(unread, steps.Count / 10, steps.Count * 8 / 10);
        _ = await JudgeAsync(contract, steps);
    }

    [Fact]
    public async Task Another_thread_s_record_and_exchanged_stacks_are_refused()
    {
        DeployedContract contract = DeployedContract.Mips64;
        List<JudgedStep> steps = [];
        SampledStep? before = null;
        foreach (SampledStep sample in SamplesOf(contract))
        {
            StepWitness exchanged = contract.WitnessOf(sample.Proof);
            Exchange(exchanged.State, WitnessLayout.LeftStackOffset, WitnessLayout.RightStackOffset);
            steps.Add(Refused(contract, $"{sample.Class} with exchanged stacks", exchanged));
            if (before is not null && before.Proof.ProofData[0] != sample.Proof.ProofData[0])
            {
                StepWitness foreign = contract.WitnessOf(sample.Proof);
                before.Proof.ProofData.AsSpan(0, contract.Layout.ThreadRecordBytes).CopyTo(foreign.Proof);
                steps.Add(Refused(contract, $"{sample.Class} with another record", foreign));
            }

            before = sample;
        }

        _ = await JudgeAsync(contract, steps);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public void The_twin_refuses_a_proof_with_a_wrong_hash_or_step_number(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        foreach (StepProof proof in SamplesOf(contract).Select(sample => sample.Proof))
        {
            contract.Twin.Verify(proof);
            Random random = new((int)proof.Step);
            byte[] otherPre = Flip(proof.PreHash, Bytes32.SizeBytes, random, null);
            byte[] otherPost = Flip(proof.PostHash, Bytes32.SizeBytes, random, null);
            RequireRejected(contract, proof with { PreHash = otherPre }, "pre hash");
            RequireRejected(contract, proof with { PostHash = otherPost }, "post hash");
            RequireRejected(contract, proof with { PostHash = proof.PreHash }, "post hash");
            RequireRejected(contract, proof with { Step = proof.Step + 1 }, "claims step");
            RequireRejected(contract, proof with { Step = proof.Step ^ (1UL << 63) }, "claims step");
        }
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public void The_twin_refuses_other_sizes(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepProof proof = SamplesOf(contract)[0].Proof;
        foreach (StepProof wrong in new[]
        {
            proof with { StateData = proof.StateData[..^1] },
            proof with { StateData = [.. proof.StateData, 0] },
            proof with { StateData = [] },
            proof with { ProofData = proof.ProofData[..^32] },
            proof with { ProofData = proof.ProofData[..^contract.Layout.MemoryProofBytes] },
            proof with { ProofData = [.. proof.ProofData, 0] },
            proof with { ProofData = proof.ProofData[..contract.Layout.ThreadRecordBytes] },
            proof with { ProofData = [] },
        })
        {
            CulverinException error = Assert.Throws<CulverinException>(() => contract.Twin.Verify(wrong));
            Assert.Equal(ErrorCode.InvalidProof, error.Code);
        }
    }

    private static List<SampledStep> SamplesOf(DeployedContract contract) => Samples.GetOrAdd(
        contract,
        key => [.. key.CoveringGuests.Append("hello").SelectMany(guest => StepSampler.Sample(key, guest))]);

    private static void RequireRejected(DeployedContract contract, StepProof proof, string reason)
    {
        CulverinException error = Assert.Throws<CulverinException>(() => contract.Twin.Verify(proof));
        Assert.Equal(ErrorCode.ProofRejected, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static JudgedStep Refused(DeployedContract contract, string name, StepWitness state)
    {
        Verdict verdict = Verdict.OfTwin(contract.Twin, state.Call, null);
        Assert.True(verdict.Refusal is ErrorCode.ProofRejected, $"{name}: {verdict}");
        return new JudgedStep(name, state.Call, verdict);
    }

    private static JudgedStep WithWrongByte(
        DeployedContract contract, SampledStep sample, int position, LoadedPreimages preimages)
    {
        WitnessLayout layout = contract.Layout;
        StepWitness state = contract.WitnessOf(sample.Proof);
        StepWitness changed = state.Copy();

        // The lowest bit of the exited byte is the only one that a record may have there.
        changed.Proof[position] ^= TruthsOfProof(contract) == position ? (byte)1 : (byte)0x10;
        int proofIndex = position < layout.ThreadProofBytes
            ? 0
            : 1 + ((position - layout.ThreadProofBytes) / layout.MemoryProofBytes);
        bool isRead = proofIndex <= contract.ReadProofCount(state);
        Verdict verdict = Verdict.OfTwin(contract.Twin, changed.Call, preimages.PartOf(state));
        string name = $"{sample.Class} byte {position}";
        Assert.True(isRead == verdict.Refusal is ErrorCode.ProofRejected, $"{name}: {verdict}");
        Assert.True(isRead || verdict.Hash == new Bytes32(sample.Proof.PostHash), name);
        return new JudgedStep(name, changed.Call, verdict);
    }

    // Bytes that hold a truth value with threads keep to 0 and 1: what others mean is told by tests of their
    // own.
    private static int? TruthsOfState(DeployedContract contract) =>
        contract.Layout.HasThreads ? WitnessLayout.TraverseRightOffset : null;

    private static int? TruthsOfProof(DeployedContract contract) =>
        contract.Layout.HasThreads ? WitnessLayout.ThreadExitedOffset : null;

    private static void Exchange(byte[] bytes, int firstOffset, int secondOffset)
    {
        byte[] kept = bytes.AsSpan(firstOffset, Bytes32.SizeBytes).ToArray();
        bytes.AsSpan(secondOffset, Bytes32.SizeBytes).CopyTo(bytes.AsSpan(firstOffset));
        kept.CopyTo(bytes, secondOffset);
    }

    // One bit or more of the first bytes, and of the byte with a truth value only the lowest.
    private static byte[] Flip(byte[] bytes, int length, Random random, int? truth)
    {
        byte[] changed = [.. bytes];
        do
        {
            int position = random.Next(length);
            changed[position] ^= (byte)(1 << (position == truth ? 0 : random.Next(8)));
        }
        while (changed.AsSpan().SequenceEqual(bytes) || random.Next(3) == 0);

        return changed;
    }

    private async Task<LoadedPreimages> LoadPreimagesAsync(DeployedContract contract)
    {
        LoadedPreimages preimages = new(await Fixture.ArenaOfAsync(contract));
        await preimages.LoadAsync(SamplesOf(contract).Select(step => step.Proof.Oracle));
        return preimages;
    }
}
