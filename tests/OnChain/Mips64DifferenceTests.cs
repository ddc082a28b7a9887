using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// What MIPS64 1.7.0 and version 8 each say where they differ, worked out by hand. All but the first concern
/// witnesses that no execution makes.
/// </summary>
public sealed class Mips64DifferenceTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const ulong Target = 0x0123_4000;

    // addiu $1, $1, 1
    private const uint Increment = 0x2421_0001;

    private readonly DeployedContract _contract = DeployedContract.Mips64;

    [Theory]
    [InlineData(5313ul, Target, 8ul, true)]
    [InlineData(5313ul, Target + 7, 0ul, true)]
    [InlineData(5313ul, Target + 8, 8ul, false)]
    [InlineData(5222ul, 1ul, Target, false)]
    public async Task Getrandom_into_a_reserved_word_leaves_the_reservation_on_chain(
        ulong number, ulong first, ulong second, bool differs)
    {
        JudgedStep step = new StepTaker(_contract).Take("reserved", () =>
        {
            MachineImage image = Create(HandmadeStep.Syscall, 2, number, 4, first, 5, second);
            image.Threads()!.Reservation = ReservationStatus.Word;
            image.Threads()!.ReservedAddress = Target + 4;
            return image;
        });
        Dictionary<DifferenceKind, int> differences = await JudgeAsync(_contract, [step]);
        Assert.Equal(differs, differences.ContainsKey(DifferenceKind.ReservedGetrandom));
        StepOutcome outcome = await (await Fixture.ArenaOfAsync(_contract)).StepAsync(step.Call);
        StepWitness after = new(_contract.Layout, outcome.PostWitness.Span, []);
        bool isKept = first == Target + 8 || differs;
        Assert.Equal(isKept, after.Reservation.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public async Task A_direction_byte_above_1_is_right_on_chain_and_malformed_here(byte value)
    {
        StepProof proof = HandmadeStep.Prove(OnTheRight());
        StepWitness state = _contract.WitnessOf(proof)
            .WithStateByte(WitnessLayout.TraverseRightOffset, value);
        Bytes32 expected = state.Copy().Advance().WithRegister(1, 1).PutThreadBack().RunningHash();
        await RequireMalformedHereAsync(state, expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public async Task A_thread_s_exited_byte_above_1_pops_it_on_chain_and_is_malformed_here(byte value)
    {
        MachineImage image = Create(Increment);
        image.Threads()!.Right.Push(new ThreadState<ulong> { Id = 1 });
        StepProof proof = HandmadeStep.Prove(image);
        StepWitness state = _contract.WitnessOf(proof);
        state.Proof[WitnessLayout.ThreadExitedOffset] = value;
        state.PutThreadBack();
        StepWitness after = state.Copy()
            .CountStep()
            .WithStepsInTurn(0)
            .WithStateByte(WitnessLayout.TraverseRightOffset, 1);
        ThreadStack<ulong>.EmptyRoot.CopyTo(after.State.AsSpan(WitnessLayout.LeftStackOffset));
        await RequireMalformedHereAsync(state, after.RunningHash());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(0, 32)]
    [InlineData(0, -60 * Bytes32.SizeBytes)]
    public async Task Other_sizes_are_accepted_on_chain_while_offsets_and_read_proofs_fit(
        int moreState, int moreProof)
    {
        StepProof proof = HandmadeStep.Prove(Create(Increment));
        byte[] state = [.. proof.StateData, .. new byte[moreState]];
        byte[] proofs = proof.ProofData;
        Array.Resize(ref proofs, proofs.Length + moreProof);
        StepCall call = new(state, proofs);
        Assert.Equal(ErrorCode.InvalidProof, Verdict.OfTwin(_contract.Twin, call, null).Refusal);
        Assert.Equal(new Bytes32(proof.PostHash), (await StepAsync(call)).PostHash);
    }

    private static MachineImage OnTheRight()
    {
        MachineImage image = Create(Increment);
        ThreadTable<ulong> threads = image.Threads()!;
        threads.SaveActive();
        threads.Right.Push(threads.Left.Pop());
        threads.TraverseRight = true;
        threads.LoadActive();
        return image;
    }

    private static MachineImage Create(uint instruction, params ReadOnlySpan<ulong> registers) =>
        HandmadeStep.Create(StateVersion.MultiThreaded64V5, instruction, registers);

    private async Task RequireMalformedHereAsync(StepWitness state, Bytes32 contract)
    {
        Assert.Equal(ErrorCode.InvalidProof, Verdict.OfTwin(_contract.Twin, state.Call, null).Refusal);
        StepOutcome outcome = await StepAsync(state.Call);
        Assert.True(contract == outcome.PostHash, Verdict.Describe(outcome));
    }

    private async Task<StepOutcome> StepAsync(StepCall call) =>
        (await (await Fixture.ArenaOfAsync(_contract)).StepManyAsync([call]))[0];
}
