using System;
using System.Buffers.Binary;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Primitives;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests;

/// <summary>
/// What the deployed contract does at the edges, by hand-made states: the judge's own rules, which the
/// engine's twin must know.
/// </summary>
public sealed class ContractFactsTests(StepArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<StepArenaFixture>
{
    private const uint Pc = 0x1000;
    private const uint Syscall = 0x0c;
    private const string BadProof = "0x000000000000000000000000000000000000000000000000000000000badf00d";

    private readonly StepArena _arena = fixture.Arena;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(255, 2)]
    public async Task An_exited_state_stays_as_it_is_and_no_proof_is_read(byte exitCode, byte status)
    {
        MachineWitness state = State(new SparseMemory(), Pc)
            .WithByte(MachineWitness.ExitCodeOffset, exitCode)
            .WithByte(MachineWitness.ExitedOffset, 1);
        StepOutcome outcome = await StepAsync(new StepCall(state.Bytes, default));
        Assert.Equal(Hash(state.Bytes, status), outcome.PostHash);
    }

    [Fact]
    public async Task An_exited_byte_above_one_counts_as_exited_but_has_the_status_of_a_running_state()
    {
        MachineWitness state = State(new SparseMemory(), Pc).WithByte(MachineWitness.ExitedOffset, 2);
        StepOutcome outcome = await StepAsync(new StepCall(state.Bytes, default));
        Assert.Equal(Hash(state.Bytes, 3), outcome.PostHash);
    }

    [Fact]
    public async Task The_second_proof_may_be_zero_or_absent_when_unused()
    {
        MachineWitness state = WithInstruction(0, out byte[] proofs);
        Bytes32 expected = Hash(Advance(state).Bytes, 3);
        Assert.Equal(expected, (await StepAsync(new StepCall(state.Bytes, proofs))).PostHash);
        StepCall first = new(state.Bytes, proofs.AsMemory(0, 896));
        Assert.Equal(expected, (await StepAsync(first)).PostHash);
        StepOutcome shorter = await StepAsync(new StepCall(state.Bytes, proofs.AsMemory(0, 864)));
        Assert.Equal("check that there is enough calldata", shorter.Revert!.Text);
    }

    [Fact]
    public async Task The_length_of_the_state_is_not_checked_beyond_its_words()
    {
        MachineWitness state = WithInstruction(0, out byte[] proofs);
        Bytes32 expected = Hash(Advance(state).Bytes, 3);
        byte[] longer = [.. state.Bytes, 1, 2, 3];
        Assert.Equal(expected, (await StepAsync(new StepCall(longer, proofs))).PostHash);

        // The missing last byte of register 31 reads as the padding's zero.
        StepCall shorter = new(state.Bytes.AsMemory(0, 225), proofs);
        Assert.Equal(expected, (await StepAsync(shorter)).PostHash);
        StepOutcome outcome = await StepAsync(new StepCall(state.Bytes.AsMemory(0, 224), proofs));
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
        MachineWitness state = WithInstruction(instruction, out byte[] proofs);
        state.With(MachineWitness.NextPcOffset, Pc + 8);
        Assert.Equal(reason, (await StepAsync(new StepCall(state.Bytes, proofs))).Revert!.Text);
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
        MachineWitness state = WithInstruction(0, out byte[] proofs);
        state.With(MachineWitness.PcOffset, Pc + 2);
        Assert.True((await StepAsync(new StepCall(state.Bytes, proofs))).Revert!.Data.IsEmpty);
    }

    [Theory]
    [InlineData(31u, 0xffffffffu)]
    [InlineData(32u, 0u)]
    [InlineData(33u, 0u)]
    [InlineData(0x80000000u, 0u)]
    public async Task Srav_does_not_mask_its_amount(uint amount, uint expected)
    {
        // srav $3, $2, $1: a real processor, and the reference VM, use the low five bits only.
        MachineWitness state = WithInstruction(0x00221807, out byte[] proofs);
        state.WithRegister(1, amount).WithRegister(2, 0x80000000);
        MachineWitness after = Advance(state).WithRegister(3, expected);
        Assert.Equal(Hash(after.Bytes, 3), (await StepAsync(new StepCall(state.Bytes, proofs))).PostHash);
    }

    [Theory]
    [InlineData(0x5ffff000u, 0x1000u, 0x60000000u)]
    [InlineData(0x60000000u, 0x1000u, 0x60001000u)]
    [InlineData(0xfffff000u, 0x1001u, 0x00001000u)]
    [InlineData(0x05000000u, 0xffffffffu, 0x05000000u)]
    public async Task Mmap_knows_no_end_of_the_heap(uint heap, uint size, uint heapAfter)
    {
        MachineWitness state = WithInstruction(Syscall, out byte[] proofs);
        state.With(MachineWitness.HeapOffset, heap).WithRegister(2, 4090).WithRegister(5, size);
        MachineWitness after = Advance(state)
            .With(MachineWitness.HeapOffset, heapAfter)
            .WithRegister(2, heap);
        Assert.Equal(Hash(after.Bytes, 3), (await StepAsync(new StepCall(state.Bytes, proofs))).PostHash);
    }

    [Fact]
    public async Task An_unknown_system_call_answers_zero()
    {
        MachineWitness state = WithInstruction(Syscall, out byte[] proofs);
        state.WithRegister(2, 4999).WithRegister(7, 5);
        MachineWitness after = Advance(state).WithRegister(2, 0).WithRegister(7, 0);
        Assert.Equal(Hash(after.Bytes, 3), (await StepAsync(new StepCall(state.Bytes, proofs))).PostHash);
    }

    [Fact]
    public async Task Register_zero_keeps_what_the_state_says_and_the_step_number_wraps()
    {
        // addu $3, $0, $0
        MachineWitness state = WithInstruction(0x00001821, out byte[] proofs);
        state.WithRegister(0, 7);
        state.Bytes.AsSpan(MachineWitness.StepOffset, 8).Fill(0xff);
        MachineWitness after = Advance(state).WithRegister(3, 14);
        Assert.Equal(Hash(after.Bytes, 3), (await StepAsync(new StepCall(state.Bytes, proofs))).PostHash);
    }

    private async Task<StepOutcome> StepAsync(uint instruction)
    {
        MachineWitness state = WithInstruction(instruction, out byte[] proofs);
        return await StepAsync(new StepCall(state.Bytes, proofs));
    }

    private async Task<StepOutcome> StepAsync(StepCall call)
    {
        StepOutcome outcome = (await _arena.StepManyAsync([call]))[0];
        output.WriteLine(outcome.Revert?.Text ?? outcome.PostHash.ToString());
        return outcome;
    }

    private static MachineWitness WithInstruction(uint instruction, out byte[] proofs)
    {
        SparseMemory memory = new SparseMemory().Set(Pc, instruction);
        proofs = memory.Proofs(Pc, null);
        return State(memory, Pc);
    }

    private static MachineWitness State(SparseMemory memory, uint pc)
    {
        byte[] bytes = new byte[MachineWitness.SizeBytes];
        memory.Root().CopyTo(bytes, 0);
        return new MachineWitness(bytes)
            .With(MachineWitness.PcOffset, pc)
            .With(MachineWitness.NextPcOffset, pc + 4);
    }

    private static MachineWitness Advance(MachineWitness state)
    {
        MachineWitness after = state.Copy();
        uint next = MachineWitness.ReadWord(state.Bytes, MachineWitness.NextPcOffset);
        Span<byte> step = after.Bytes.AsSpan(MachineWitness.StepOffset, 8);
        ulong number = BinaryPrimitives.ReadUInt64BigEndian(step);
        BinaryPrimitives.WriteUInt64BigEndian(step, unchecked(number + 1));
        return after.With(MachineWitness.PcOffset, next).With(MachineWitness.NextPcOffset, next + 4);
    }

    private static Bytes32 Hash(byte[] witness, byte status)
    {
        byte[] hash = new byte[32];
        Keccak256.Hash(witness, hash);
        hash[0] = status;
        return new Bytes32(hash);
    }
}
