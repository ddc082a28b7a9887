using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Every instruction and system call of whole guests: prover, twin and the deployed contract agree.
/// </summary>
public sealed class GuestStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private static readonly StepVerifier Twin = new(StateVersion.SingleThreaded);

    private readonly StepArena _arena = fixture.Arena;

    [Theory]
    [InlineData("allinsn")]
    [InlineData("quirks")]
    [InlineData("hello")]
    [InlineData("preimage")]
    [InlineData("preimage-bad")]
    [InlineData("hello-go122-fails")]
    public async Task Every_kind_of_step_is_accepted_with_the_prover_s_hash(string guest)
    {
        GuestVector vector = new(StateVersion.SingleThreaded, guest);
        using Machine machine = vector.CreateMachine();
        StepSampler sampler = new(machine);
        List<SampledStep> steps = sampler.Run();
        Assert.Equal(vector.FinalHash, Hex.Format(machine.StateHash()));
        Assert.Equal((vector.Steps, vector.ExitCode), (machine.Step, machine.ExitCode));

        LoadedPreimages preimages = new(_arena);
        await preimages.LoadAsync(steps.Select(step => step.Proof));
        List<JudgedStep> judged = [];
        foreach (SampledStep step in steps)
        {
            Twin.Verify(step.Proof);
            judged.Add(new JudgedStep(
                $"{guest} step {step.Proof.Step} {step.Class}",
                new StepCall(step.Proof.StateData, step.Proof.ProofData),
                new Verdict(new Bytes32(step.Proof.PostHash), null, TrapReason.None)));
        }

        Dictionary<DifferenceKind, int> differences = await new Judge(_arena, output).CompareAsync(judged);
        Report(steps, sampler, preimages);
        Assert.DoesNotContain(differences, pair => pair.Key == DifferenceKind.ExitedByte);
        await RequireEndAsync(machine);
    }

    [Fact]
    public void The_guest_of_all_instructions_has_them_all()
    {
        GuestVector vector = new(StateVersion.SingleThreaded, "allinsn");
        using Machine machine = vector.CreateMachine();
        StepSampler sampler = new(machine);
        _ = sampler.Run();
        IEnumerable<string> all = new Decoder(machine.Features).Opcodes
            .Select(opcode => InstructionSet.Rows[opcode - 1].Mnemonic)
            .Where(mnemonic => mnemonic != "reserved");
        Assert.Empty(all.Except(sampler.Mnemonics));
    }

    [Fact]
    public async Task A_program_of_go_1_22_ends_with_2_after_fcntl_fails()
    {
        GuestVector vector = new(StateVersion.SingleThreaded, "hello-go122-fails");
        using Machine machine = vector.CreateMachine();
        List<SampledStep> steps = new StepSampler(machine).Run();
        Assert.Equal(2, machine.ExitCode);
        Assert.Equal(2, machine.StateHash()[0]);

        // Go 1.22 checks descriptors 0 to 2 with F_GETFD at its start, and aborts when that fails.
        SampledStep fcntl = steps.First(step => step.Class == "syscall 4055(0, 1)");
        MachineWitness before = new(fcntl.Proof.StateData);
        MachineWitness after =
            KnownDifference.Advance(before).WithRegister(2, uint.MaxValue).WithRegister(7, 0x16);
        Bytes32 expected = KnownDifference.RunningHash(after);
        Assert.Equal(expected, new Bytes32(fcntl.Proof.PostHash));
        StepOutcome outcome =
            await _arena.StepAsync(new StepCall(fcntl.Proof.StateData, fcntl.Proof.ProofData));
        Assert.Equal(expected, outcome.PostHash);

        StepProof last = steps[^1].Proof;
        Assert.Equal("syscall 4246", steps[^1].Class);
        outcome = await _arena.StepAsync(new StepCall(last.StateData, last.ProofData));
        Assert.Equal(new Bytes32(machine.StateHash()), outcome.PostHash);
    }

    // Nothing happens after the end, and no proof is looked at.
    private async Task RequireEndAsync(Machine machine)
    {
        byte[] witness = machine.Witness();
        Bytes32 hash = new(machine.StateHash());
        StepCall call = new(witness, new byte[Twin.ProofDataSizeBytes]);
        Assert.Equal(hash, (await _arena.StepManyAsync([call]))[0].PostHash);
        Assert.Equal(hash, Verdict.OfTwin(Twin, call, null).Hash);
    }

    private void Report(List<SampledStep> steps, StepSampler sampler, LoadedPreimages preimages)
    {
        string[] mnemonics = [.. sampler.Mnemonics.Order(StringComparer.Ordinal)];
        output.WriteLine($"{steps.Select(step => step.Class).Distinct().Count()} classes, "
            + $"{preimages.Count} pre-image parts");
        output.WriteLine($"{mnemonics.Length} instructions: {string.Join(' ', mnemonics)}");
        output.WriteLine(string.Join(", ", sampler.Syscalls.Order(StringComparer.Ordinal)));
    }
}
