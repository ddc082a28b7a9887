using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Isa;
using Culverin.Run;
using Culverin.Tests.Shared;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Every instruction and system call of whole guests: prover, twin and the deployed contract agree.
/// </summary>
public sealed class GuestStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    [Theory]
    [MemberData(nameof(DeployedContract.Guests), MemberType = typeof(DeployedContract))]
    public async Task Every_kind_of_step_is_accepted_with_the_prover_s_hash(string name, string guest)
    {
        DeployedContract contract = DeployedContract.Of(name);
        GuestVector vector = new(contract.Version, guest);
        using Machine machine = vector.CreateMachine();
        StepSampler sampler = new(machine);
        List<SampledStep> steps = sampler.Run();
        Assert.Equal(vector.FinalHash, Hex.Format(machine.StateHash()));
        Assert.Equal((vector.Steps, vector.ExitCode), (machine.Step, machine.ExitCode));

        LoadedPreimages preimages = new(await Fixture.ArenaOfAsync(contract));
        await preimages.LoadAsync(steps.Select(step => step.Proof.Oracle));
        List<JudgedStep> judged = [];
        foreach (SampledStep step in steps)
        {
            contract.Twin.Verify(step.Proof);
            judged.Add(new JudgedStep(
                $"{guest} step {step.Proof.Step} {step.Class}",
                HandmadeStep.Call(step.Proof),
                Verdict.Accept(step.Proof.PostHash)));
        }

        Dictionary<DifferenceKind, int> differences = await JudgeAsync(contract, judged);
        Output.WriteLine($"{preimages.Count} pre-image parts");
        Output.WriteLine(string.Join(' ', sampler.Mnemonics.Order(StringComparer.Ordinal)));
        Output.WriteLine(string.Join(", ", sampler.Calls.Order(StringComparer.Ordinal)));
        Assert.DoesNotContain(differences, pair => pair.Key == DifferenceKind.ExitedByte);
        await RequireEndAsync(contract, machine);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public void The_guests_have_all_instructions_and_system_calls(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        HashSet<string> mnemonics = [];
        HashSet<string> calls = [];
        foreach (string guest in contract.CoveringGuests)
        {
            using Machine machine = new GuestVector(contract.Version, guest).CreateMachine();
            StepSampler sampler = new(machine);
            _ = sampler.Run();
            mnemonics.UnionWith(sampler.Mnemonics);
            calls.UnionWith(sampler.CallNames);
        }

        IEnumerable<string> all = new Decoder(contract.Features).Opcodes
            .Select(opcode => InstructionSet.Rows[opcode - 1].Mnemonic)
            .Where(mnemonic => mnemonic != "reserved");
        Assert.Empty(all.Except(mnemonics));
        Assert.Empty(contract.SyscallNames.Except(calls));
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task A_step_as_a_transaction_tells_its_gas_and_the_witness(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        RecordedProof proof = new GuestVector(contract.Version, "hello").Proofs()[0];
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        StepOutcome outcome =
            await arena.StepAsync(new StepCall(proof.Bytes("state-data"), proof.Bytes("proof-data")));
        Bytes32 hash = new(proof.Bytes("post")!);
        Assert.Equal(hash, outcome.PostHash);
        Assert.InRange(outcome.GasUsed!.Value, contract.Gas.Least, contract.Gas.Most);
        Assert.Equal(contract.Layout.SizeBytes, outcome.PostWitness.Length);
        Assert.Equal(hash, StepWitness.Hash(outcome.PostWitness.Span, hash.FirstByte));
        Output.WriteLine($"gas {outcome.GasUsed}");
    }

    // Nothing happens after the end, and no proof is looked at.
    private async Task RequireEndAsync(DeployedContract contract, Machine machine)
    {
        Verdict end = Verdict.Accept(machine.StateHash());
        StepCall call = new(machine.Witness(), new byte[contract.Layout.ProofBytes]);
        Assert.Equal(end, Verdict.OfTwin(contract.Twin, call, null));
        await JudgeAsync(contract, [new JudgedStep("after the end", call, end)]);
    }
}
