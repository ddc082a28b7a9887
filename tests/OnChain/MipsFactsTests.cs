using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// What MIPS 1.0.1 does at the edges, by hand-made states: the judge's own rules, which the
/// engine's twin must know.
/// </summary>
public sealed class MipsFactsTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const uint Pc = 0x1000;
    private const uint Syscall = 0x0c;
    private const string BadProof = "0x000000000000000000000000000000000000000000000000000000000badf00d";

    private readonly DeployedContract _contract = DeployedContract.Mips;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(255, 2)]
    public async Task An_exited_state_stays_as_it_is_and_no_proof_is_read(byte exitCode, byte status)
    {
        StepWitness state = State(new SparseMemory(), Pc)
            .WithStateByte(WitnessLayout.Mips.ExitCodeOffset, exitCode)
            .WithStateByte(WitnessLayout.Mips.ExitedOffset, 1);
        StepOutcome outcome = await StepAsync(new StepCall(state.State, default));
        Assert.Equal(StepWitness.Hash(state.State, status), outcome.PostHash);
    }

    [Fact]
    public async Task An_exited_byte_above_one_counts_as_exited_but_has_the_status_of_a_running_state()
    {
        StepWitness state = State(new SparseMemory(), Pc).WithStateByte(WitnessLayout.Mips.ExitedOffset, 2);
        StepOutcome outcome = await StepAsync(new StepCall(state.State, default));
        Assert.Equal(state.RunningHash(), outcome.PostHash);
    }

    [Fact]
    public async Task The_second_proof_may_be_zero_or_absent_when_unused()
    {
        StepWitness state = WithInstruction(0, out byte[] proofs);
        Bytes32 expected = state.Copy().Advance().RunningHash();
        Assert.Equal(expected, (await StepAsync(new StepCall(state.State, proofs))).PostHash);
        StepCall first = new(state.State, proofs.AsMemory(0, 896));
        Assert.Equal(expected, (await StepAsync(first)).PostHash);
        StepOutcome shorter = await StepAsync(new StepCall(state.State, proofs.AsMemory(0, 864)));
        Assert.Equal("check that there is enough calldata", shorter.Revert!.Text);
    }

    [Fact]
    public async Task The_length_of_the_state_is_not_checked_beyond_its_words()
    {
        StepWitness state = WithInstruction(0, out byte[] proofs);
        Bytes32 expected = state.Copy().Advance().RunningHash();
        byte[] longer = [.. state.State, 1, 2, 3];
        Assert.Equal(expected, (await StepAsync(new StepCall(longer, proofs))).PostHash);

        // The missing last byte of register 31 reads as the padding's zero.
        StepCall shorter = new(state.State.AsMemory(0, 225), proofs);
        Assert.Equal(expected, (await StepAsync(shorter)).PostHash);
        StepOutcome outcome = await StepAsync(new StepCall(state.State.AsMemory(0, 224), proofs));
        Assert.True(outcome.Revert!.Data.IsEmpty);
    }

    [Theory]
    [InlineData(0x8c220000u)] // lw $2, 0($1)
    [InlineData(0xac220000u)] // sw $2, 0($1)
    [InlineData(0xfc220000u)] // no instruction, but of the opcodes that fetch a word first
    public async Task A_zero_proof_where_one_is_needed_does_not_fit(uint instruction)
    {
        StepOutcome outcome = await StepAsync(instruction);
        Assert.Equal(BadProof, Hex.Format(outcome.Revert!.Data.Span));
    }

    [Theory]
    [InlineData(0x08000400u, "jump in delay slot")] // j
    [InlineData(0x0c000400u, "jump in delay slot")] // jal
    [InlineData(0x03e00008u, "jump in delay slot")] // jr $31
    [InlineData(0x03e0f809u, "jump in delay slot")] // jalr $31
    [InlineData(0x10220001u, "branch in delay slot")] // beq, not taken too
    [InlineData(0x04320001u, "branch in delay slot")] // REGIMM of an unknown kind
    public async Task Jumps_and_branches_in_a_delay_slot_revert(uint instruction, string reason)
    {
        StepWitness state = WithInstruction(instruction, out byte[] proofs);
        state.WithNextPc(Pc + 8);
        Assert.Equal(reason, (await StepAsync(new StepCall(state.State, proofs))).Revert!.Text);
    }

    [Theory]
    [InlineData(0x0000000du, "invalid instruction")] // break
    [InlineData(0x00000034u, "invalid instruction")] // teq
    [InlineData(0x70000000u, "invalid instruction")] // madd
    [InlineData(0x50000000u, "invalid instruction")] // beql
    [InlineData(0x40000000u, "invalid instruction")] // mfc0
    [InlineData(0x0022001au, "MIPS: division by zero")] // div
    [InlineData(0x0022001bu, "MIPS: division by zero")] // divu
    public async Task Panics_have_these_reasons(uint instruction, string reason)
    {
        Assert.Equal(reason, (await StepAsync(instruction)).Revert!.Text);
    }

    [Fact]
    public async Task A_misaligned_pc_reverts_without_a_reason()
    {
        StepWitness state = WithInstruction(0, out byte[] proofs);
        state.WithPc(Pc + 2);
        Assert.True((await StepAsync(new StepCall(state.State, proofs))).Revert!.Data.IsEmpty);
    }

    [Fact]
    public async Task An_unknown_system_call_answers_zero()
    {
        StepWitness state = WithInstruction(Syscall, out byte[] proofs);
        state.WithRegister(2, 4999).WithRegister(7, 5);
        StepWitness after = state.Copy().Advance().WithRegister(2, 0).WithRegister(7, 0);
        Assert.Equal(after.RunningHash(), (await StepAsync(new StepCall(state.State, proofs))).PostHash);
    }

    [Fact]
    public async Task Register_zero_keeps_what_the_state_says_and_the_step_number_wraps()
    {
        // addu $3, $0, $0
        StepWitness state = WithInstruction(0x00001821, out byte[] proofs);
        state.WithRegister(0, 7);
        state.WithStep(ulong.MaxValue);
        StepWitness after = state.Copy().Advance().WithRegister(3, 14);
        Assert.Equal(after.RunningHash(), (await StepAsync(new StepCall(state.State, proofs))).PostHash);
    }

    private async Task<StepOutcome> StepAsync(uint instruction)
    {
        StepWitness state = WithInstruction(instruction, out byte[] proofs);
        return await StepAsync(new StepCall(state.State, proofs));
    }

    private async Task<StepOutcome> StepAsync(StepCall call)
    {
        StepOutcome outcome = (await (await Fixture.ArenaOfAsync(_contract)).StepManyAsync([call]))[0];
        Output.WriteLine(outcome.Revert?.Text ?? outcome.PostHash.ToString());
        return outcome;
    }

    private static StepWitness WithInstruction(uint instruction, out byte[] proofs)
    {
        SparseMemory memory = new SparseMemory().Set(Pc, instruction);
        proofs = memory.Proofs(Pc, null);
        return State(memory, Pc);
    }

    private static StepWitness State(SparseMemory memory, uint pc)
    {
        byte[] bytes = new byte[WitnessLayout.Mips.SizeBytes];
        memory.Root().CopyTo(bytes, 0);
        return new StepWitness(WitnessLayout.Mips, bytes, []).WithPc(pc).WithNextPc(pc + 4);
    }
}
