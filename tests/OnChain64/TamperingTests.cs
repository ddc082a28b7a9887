using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Prove;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Thread records, proofs and witnesses with wrong bits: the twin says what the contract says. Where a memory
/// proof is not read its bits do not matter to either; every other wrong bit is refused by both.
/// </summary>
public sealed class TamperingTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int RoundCount = 1500;
    private const int ProofByteRoundCount = 4;

    private static readonly StepVerifier Twin = new(StateVersion.MultiThreaded64V5);

    private static readonly Lazy<List<SampledStep>> Samples = new(() =>
        [.. new[] { "allinsn", "quirks64", "mtquirks64", "hello" }.SelectMany(Sample)]);

    [Fact]
    public async Task The_twin_and_the_contract_judge_wrong_bits_alike()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        LoadedPreimages preimages = await LoadPreimagesAsync();
        List<JudgedStep> steps = [];
        for (int round = 0; round < RoundCount; round++)
        {
            SampledStep sample = Samples.Value[random.Next(Samples.Value.Count)];
            StepProof proof = sample.Proof;

            // One in three in the thread's record, which is a twentieth of the bytes.
            StepCall call = random.Next(3) switch
            {
                0 => new StepCall(Flip(proof.StateData, proof.StateData.Length, random), proof.ProofData),
                1 => new StepCall(
                    proof.StateData, Flip(proof.ProofData, ThreadedWitness.ThreadProofBytes, random)),
                _ => new StepCall(proof.StateData, Flip(proof.ProofData, proof.ProofData.Length, random)),
            };
            ThreadedWitness state = new(call.StateData.Span, call.ProofData.Span);
            Verdict verdict = Verdict.OfTwin(Twin, call, preimages.PartOf(state));
            steps.Add(new JudgedStep($"seed {seed} round {round} {sample.Class}", call, verdict));
        }

        int refused = steps.Count(step => step.Expected.Hash is null);
        output.WriteLine($"{refused} of {RoundCount} refused");
        Assert.InRange(refused, RoundCount / 3, RoundCount * 9 / 10);
        await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public async Task Every_byte_of_a_proof_counts_unless_its_proof_is_not_read()
    {
        LoadedPreimages preimages = await LoadPreimagesAsync();
        int position = 0;
        List<JudgedStep> steps = [];
        for (int round = 0; round < ProofByteRoundCount; round++)
        {
            foreach (SampledStep sample in Samples.Value)
            {
                // Another byte for every step, and all parts of a proof over all steps.
                position = (position + 41) % ThreadedWitness.ProofBytes;
                steps.Add(WithWrongByte(sample, position, preimages));
            }
        }

        int unread = steps.Count(step => step.Expected.Hash is not null);
        output.WriteLine($"{unread} of {steps.Count} in proofs that are not read");
        Assert.InRange(unread, steps.Count / 10, steps.Count * 8 / 10);
        await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public async Task Another_thread_s_record_and_exchanged_stacks_are_refused()
    {
        List<JudgedStep> steps = [];
        SampledStep? before = null;
        foreach (SampledStep sample in Samples.Value)
        {
            ThreadedWitness state = new(sample.Proof.StateData, sample.Proof.ProofData);
            ThreadedWitness exchanged = state.Copy();
            Exchange(exchanged.State, ThreadedWitness.LeftStackOffset, ThreadedWitness.RightStackOffset);
            steps.Add(Refused($"{sample.Class} with exchanged stacks", exchanged));
            if (before is not null && before.Proof.ProofData[0] != sample.Proof.ProofData[0])
            {
                ThreadedWitness foreign = state.Copy();
                before.Proof.ProofData.AsSpan(0, ThreadedWitness.ThreadRecordBytes).CopyTo(foreign.Proof);
                steps.Add(Refused($"{sample.Class} with another record", foreign));
            }

            before = sample;
        }

        await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public void The_twin_refuses_a_proof_with_a_wrong_hash_or_step_number()
    {
        foreach (SampledStep sample in Samples.Value)
        {
            StepProof proof = sample.Proof;
            Twin.Verify(proof);
            Random random = new((int)proof.Step);
            int length = Bytes32.SizeBytes;
            RequireRejected(proof with { PreHash = Flip(proof.PreHash, length, random) }, "pre hash");
            RequireRejected(proof with { PostHash = Flip(proof.PostHash, length, random) }, "post hash");
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
            proof with { ProofData = proof.ProofData[..^ThreadedWitness.MemoryProofBytes] },
            proof with { ProofData = [.. proof.ProofData, 0] },
            proof with { ProofData = proof.ProofData[..ThreadedWitness.ThreadRecordBytes] },
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

    private static JudgedStep Refused(string name, ThreadedWitness state)
    {
        StepCall call = new(state.State, state.Proof);
        Verdict verdict = Verdict.OfTwin(Twin, call, null);
        Assert.True(verdict.Refusal is ErrorCode.ProofRejected, $"{name}: {verdict}");
        return new JudgedStep(name, call, verdict);
    }

    private static JudgedStep WithWrongByte(SampledStep sample, int position, LoadedPreimages preimages)
    {
        byte[] changed = [.. sample.Proof.ProofData];

        // The lowest bit of the exited byte is the only one that a record may have there.
        changed[position] ^= position == ThreadedWitness.ThreadExitedOffset ? (byte)1 : (byte)0x10;
        StepCall call = new(sample.Proof.StateData, changed);
        ThreadedWitness state = new(sample.Proof.StateData, sample.Proof.ProofData);
        int proofIndex = position < ThreadedWitness.ThreadProofBytes
            ? 0
            : 1 + ((position - ThreadedWitness.ThreadProofBytes) / ThreadedWitness.MemoryProofBytes);
        bool isRead = proofIndex <= ReadProofCount(state);
        Verdict verdict = Verdict.OfTwin(Twin, call, preimages.PartOf(state));
        string name = $"{sample.Class} byte {position}";
        Assert.True(isRead == verdict.Refusal is ErrorCode.ProofRejected, $"{name}: {verdict}");
        Assert.True(isRead || verdict.Hash == new Bytes32(sample.Proof.PostHash), name);
        return new JudgedStep(name, call, verdict);
    }

    // Memory proofs that a step reads: none without an instruction, else that of the instruction and those of
    // its accesses, from the specification's words.
    private static int ReadProofCount(ThreadedWitness state)
    {
        if (state.Idle is not null)
        {
            return 0;
        }

        ulong first = state.Register(4);
        if (state.IsSyscall)
        {
            return 1 + state.Register(2) switch
            {
                5000 when first == 5 => 1,
                5001 when first == 6 => 1,
                5194 when state.Register(5) == 128 => 1,
                5222 when first <= 1 => 2,
                5313 => 1,
                _ => 0,
            };
        }

        uint primary = state.Instruction >> 26;
        bool isConditional = primary is 0x38 or 0x3C;
        bool isAccess = primary is 0x1A or 0x1B or >= 0x20;
        return isAccess && (!isConditional || HoldsReservation(state, primary)) ? 2 : 1;
    }

    private static bool HoldsReservation(ThreadedWitness state, uint primary)
    {
        uint word = state.Instruction;
        ulong address = unchecked(state.Register((int)(word >> 21) & 31) + (ulong)(short)word);
        return state.State[ThreadedWitness.ReservationOffset] == (primary == 0x38 ? 1 : 2)
            && state.ReservedAddress == address
            && state.State.AsSpan(ThreadedWitness.ReservationOwnerOffset, sizeof(ulong))
                .SequenceEqual(state.Proof.AsSpan(0, sizeof(ulong)));
    }

    private static void Exchange(byte[] bytes, int firstOffset, int secondOffset)
    {
        byte[] kept = bytes.AsSpan(firstOffset, Bytes32.SizeBytes).ToArray();
        bytes.AsSpan(secondOffset, Bytes32.SizeBytes).CopyTo(bytes.AsSpan(firstOffset));
        kept.CopyTo(bytes, secondOffset);
    }

    private static List<SampledStep> Sample(string guest)
    {
        using Machine machine = new GuestVector(StateVersion.MultiThreaded64V5, guest).CreateMachine();
        return new StepSampler(machine).Run();
    }

    // Bytes that hold a truth value keep to 0 and 1: what others mean is told by tests of their own.
    private static byte[] Flip(byte[] bytes, int length, Random random)
    {
        byte[] changed = [.. bytes];
        do
        {
            int position = random.Next(length);
            bool isTruth = bytes.Length switch
            {
                ThreadedWitness.SizeBytes => position == ThreadedWitness.TraverseRightOffset,
                ThreadedWitness.ProofBytes => position == ThreadedWitness.ThreadExitedOffset,
                _ => false,
            };
            changed[position] ^= (byte)(1 << (isTruth ? 0 : random.Next(8)));
        }
        while (changed.AsSpan().SequenceEqual(bytes) || random.Next(3) == 0);

        return changed;
    }

    private async Task<LoadedPreimages> LoadPreimagesAsync()
    {
        LoadedPreimages preimages = new(fixture.Arena);
        await preimages.LoadAsync(Samples.Value.Select(step => step.Proof.Oracle));
        return preimages;
    }
}
