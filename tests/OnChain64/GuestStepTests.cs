using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Every instruction and system call of whole guests: prover, twin and the deployed contract agree.
/// </summary>
public sealed class GuestStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private static readonly StepVerifier Twin = new(StateVersion.MultiThreaded64V5);

    private readonly StepArena _arena = fixture.Arena;

    [Theory]
    [InlineData("allinsn")]
    [InlineData("quirks64")]
    [InlineData("mtquirks64")]
    [InlineData("hello")]
    public async Task Every_kind_of_step_is_accepted_with_the_prover_s_hash(string guest)
    {
        GuestVector vector = new(StateVersion.MultiThreaded64V5, guest);
        using Machine machine = vector.CreateMachine();
        StepSampler sampler = new(machine);
        List<SampledStep> steps = sampler.Run();
        Assert.Equal(vector.FinalHash, Hex.Format(machine.StateHash()));
        Assert.Equal((vector.Steps, vector.ExitCode), (machine.Step, machine.ExitCode));

        LoadedPreimages preimages = new(_arena);
        await preimages.LoadAsync(steps.Select(step => step.Proof.Oracle));
        List<JudgedStep> judged = [];
        foreach (SampledStep step in steps)
        {
            Twin.Verify(step.Proof);
            judged.Add(new JudgedStep(
                $"{guest} step {step.Proof.Step} {step.Class}",
                HandmadeStep.Call(step.Proof),
                Verdict.Accept(step.Proof.PostHash)));
        }

        await new Judge(_arena, output).CompareAsync(judged);
        Report(sampler);
        await RequireEndAsync(machine);
    }

    [Fact]
    public void The_guests_have_all_instructions_and_system_calls()
    {
        List<string> mnemonics = [];
        List<string> calls = [];
        foreach (string guest in new[] { "allinsn", "quirks64", "mtquirks64" })
        {
            GuestVector vector = new(StateVersion.MultiThreaded64V5, guest);
            using Machine machine = vector.CreateMachine();
            StepSampler sampler = new(machine);
            _ = sampler.Run();
            mnemonics.AddRange(sampler.Mnemonics);
            calls.AddRange(sampler.Calls);
        }

        FeatureSet features = FeatureSet.Of(StateVersion.MultiThreaded64V5);
        IEnumerable<string> all = new Decoder(features).Opcodes
            .Select(opcode => InstructionSet.Rows[opcode - 1].Mnemonic)
            .Where(mnemonic => mnemonic != "reserved");
        IEnumerable<string> missingCalls = SyscallTable.Of(features)
            .Select(call => $"syscall {call.Number}")
            .Where(name => !calls.Any(call => call.StartsWith(name, StringComparison.Ordinal)));
        Assert.Empty(all.Except(mnemonics));
        Assert.Empty(missingCalls);
    }

    // Nothing happens after the end, and no proof is looked at.
    private async Task RequireEndAsync(Machine machine)
    {
        Bytes32 hash = new(machine.StateHash());
        StepCall call = new(machine.Witness(), new byte[Twin.ProofDataSizeBytes]);
        Assert.Equal(hash, (await _arena.StepManyAsync([call]))[0].PostHash);
        Assert.Equal(hash, Verdict.OfTwin(Twin, call, null).Hash);
    }

    private void Report(StepSampler sampler)
    {
        string[] mnemonics = [.. sampler.Mnemonics.Order(StringComparer.Ordinal)];
        output.WriteLine($"{mnemonics.Length} instructions: {string.Join(' ', mnemonics)}");
        output.WriteLine(string.Join(", ", sampler.Calls.Order(StringComparer.Ordinal)));
    }
}
