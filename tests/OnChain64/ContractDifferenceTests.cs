using System;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// What MIPS64 1.7.0 and version 8 each say where they differ, worked out by hand. All but the first concern
/// witnesses that no execution makes.
/// </summary>
public sealed class ContractDifferenceTests(ArenaFixture fixture) : IClassFixture<ArenaFixture>
{
    private const ulong Target = 0x0123_4000;
    private const int ReservationBytes = 17;

    // addiu $1, $1, 1
    private const uint Increment = 0x2421_0001;

    private static readonly StepVerifier Twin = new(StateVersion.MultiThreaded64V5);

    [Theory]
    [InlineData(5313ul, Target, 8ul, true)]
    [InlineData(5313ul, Target + 7, 0ul, true)]
    [InlineData(5313ul, Target + 8, 8ul, false)]
    [InlineData(5222ul, 1ul, Target, false)]
    public async Task Getrandom_into_a_reserved_word_leaves_the_reservation_on_chain(
        ulong number, ulong first, ulong second, bool differs)
    {
        JudgedStep step = StepTaker.Take("reserved", () =>
        {
            MachineImage<ulong> image =
                HandmadeStep.Create(HandmadeStep.Syscall, 2, number, 4, first, 5, second);
            image.State.Threads!.Reservation = ReservationStatus.Word;
            image.State.Threads.ReservedAddress = Target + 4;
            return image;
        });
        Assert.Equal(differs, step.ContractHash is not null);
        StepOutcome outcome = await fixture.Arena.StepAsync(step.Call);
        Assert.Equal(step.ContractHash ?? step.Expected.Hash, outcome.PostHash);
        ReadOnlyMemory<byte> reservation =
            outcome.PostWitness.Slice(ThreadedWitness.ReservationOffset, ReservationBytes);
        bool isKept = first == Target + 8 || differs;
        Assert.Equal(isKept, reservation.Span.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public async Task A_direction_byte_above_1_is_right_on_chain_and_malformed_here(byte value)
    {
        StepProof proof = HandmadeStep.Prove(OnTheRight());
        ThreadedWitness state = new ThreadedWitness(proof.StateData, proof.ProofData)
            .WithStateByte(ThreadedWitness.TraverseRightOffset, value);
        Bytes32 expected = state.Copy().Advance().WithRegister(1, 1).PutThreadBack().RunningHash();
        await RequireMalformedHereAsync(state, expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public async Task A_thread_s_exited_byte_above_1_pops_it_on_chain_and_is_malformed_here(byte value)
    {
        MachineImage<ulong> image = HandmadeStep.Create(Increment);
        image.State.Threads!.Right.Push(new ThreadState<ulong> { Id = 1 });
        StepProof proof = HandmadeStep.Prove(image);
        ThreadedWitness state = new(proof.StateData, proof.ProofData);
        state.Proof[ThreadedWitness.ThreadExitedOffset] = value;
        state.PutThreadBack();
        ThreadedWitness after = state.Copy()
            .CountStep()
            .WithStateWord(ThreadedWitness.StepsInTurnOffset, 0)
            .WithStateByte(ThreadedWitness.TraverseRightOffset, 1);
        ThreadStack<ulong>.EmptyRoot.CopyTo(after.State.AsSpan(ThreadedWitness.LeftStackOffset));
        await RequireMalformedHereAsync(state, after.RunningHash());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public async Task An_exited_byte_above_1_is_refused_by_both(byte value)
    {
        StepProof proof = HandmadeStep.Prove(HandmadeStep.Create(Increment));
        ThreadedWitness state = new ThreadedWitness(proof.StateData, proof.ProofData)
            .WithStateByte(ThreadedWitness.ExitedOffset, value);
        StepOutcome outcome = await StepAsync(state, null);
        Assert.Equal("InvalidExitedValue", outcome.Revert!.Name);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(0, 32)]
    [InlineData(0, -ThreadedWitness.MemoryProofBytes)]
    public async Task Other_sizes_are_accepted_on_chain_while_offsets_and_read_proofs_fit(
        int moreState, int moreProof)
    {
        StepProof proof = HandmadeStep.Prove(HandmadeStep.Create(Increment));
        byte[] state = [.. proof.StateData, .. new byte[moreState]];
        byte[] proofs = proof.ProofData;
        Array.Resize(ref proofs, proofs.Length + moreProof);
        StepCall call = new(state, proofs);
        Assert.Equal(ErrorCode.InvalidProof, Verdict.OfTwin(Twin, call, null).Refusal);
        Assert.Equal(new Bytes32(proof.PostHash), (await fixture.Arena.StepManyAsync([call]))[0].PostHash);
    }

    private static MachineImage<ulong> OnTheRight()
    {
        MachineImage<ulong> image = HandmadeStep.Create(Increment);
        ThreadTable<ulong> threads = image.State.Threads!;
        threads.SaveActive();
        threads.Right.Push(threads.Left.Pop());
        threads.TraverseRight = true;
        threads.LoadActive();
        return image;
    }

    private async Task RequireMalformedHereAsync(ThreadedWitness state, Bytes32 contract)
    {
        StepOutcome outcome = await StepAsync(state, ErrorCode.InvalidProof);
        Assert.True(contract == outcome.PostHash, Verdict.Describe(outcome));
    }

    private async Task<StepOutcome> StepAsync(ThreadedWitness state, ErrorCode? refusal)
    {
        StepCall call = new(state.State, state.Proof);
        Assert.Equal(refusal ?? ErrorCode.InvalidProof, Verdict.OfTwin(Twin, call, null).Refusal);
        return (await fixture.Arena.StepManyAsync([call]))[0];
    }
}
