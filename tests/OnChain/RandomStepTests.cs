using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Commit;
using Culverin.Harness.Arenas;
using Culverin.Harness.Tests;
using Culverin.Prove;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Random single steps: interpreter, prover, twin and the deployed contract agree on the hash, and a panic
/// here is a revert there, for the same reason.
/// </summary>
public sealed class RandomStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int StepCount = 3000;

    private readonly int _seed = Environment.TickCount;
    private readonly Judge _judge = new(fixture.Arena, output);

    [Fact]
    public async Task Version_0_does_what_the_contract_does()
    {
        output.WriteLine($"seed {_seed}");
        StepVerifier twin = new(StateVersion.SingleThreaded);
        List<JudgedStep> steps = [];
        for (int index = 0; index < StepCount; index++)
        {
            steps.Add(Take(StateVersion.SingleThreaded, twin, index));
        }

        int panics = steps.Count(step => step.Expected.Hash is null);
        output.WriteLine($"{panics} panics");
        Assert.InRange(panics, StepCount / 50, StepCount / 2);
        Assert.All(
            steps.Where(step => step.Expected.Hash is null),
            step => Assert.Equal(ErrorCode.GuestPanic, step.Expected.Refusal));
        Dictionary<DifferenceKind, int> differences = await _judge.CompareAsync(steps);
        Assert.True(differences.ContainsKey(DifferenceKind.SravAmount), "no srav by 32 or more was met");
        Assert.DoesNotContain(differences, pair => pair.Key == DifferenceKind.ExitedByte);
    }

    [Fact]
    public async Task Version_2_differs_from_the_contract_in_fcntl_and_bgezal_only()
    {
        output.WriteLine($"seed {_seed}");
        StepVerifier twin = new(StateVersion.SingleThreaded2);
        StepVerifier contractTwin = new(StateVersion.SingleThreaded);
        List<JudgedStep> steps = [];
        int differing = 0;
        for (int index = 0; index < StepCount; index++)
        {
            JudgedStep step = Take(StateVersion.SingleThreaded2, twin, index);
            Verdict contractVerdict = Verdict.OfTwin(contractTwin, step.Call, null);
            MachineWitness state = new(step.Call.StateData.Span);
            uint word = InstructionWord.InProof(state, step.Call.ProofData.ToArray());
            bool mayDiffer = VersionTwo.MayDiffer(state, word);
            Assert.True(mayDiffer || step.Expected == contractVerdict, step.Name);
            differing += step.Expected == contractVerdict ? 0 : 1;

            // What the contract says where they differ is what version 0 says.
            steps.Add(step with { Expected = contractVerdict });
        }

        output.WriteLine($"{differing} steps differ between the versions");
        Assert.InRange(differing, 1, StepCount / 10);
        _ = await _judge.CompareAsync(steps);
    }

    private JudgedStep Take(StateVersion version, StepVerifier twin, int index)
    {
        StepCall? call = null;
        Verdict slow = Execute(version, index, machine =>
        {
            machine.ExecuteStep();
            return machine.StateHash();
        });
        Verdict proven = Execute(version, index, machine =>
        {
            StepProof proof = machine.Prove();
            call = new StepCall(proof.StateData, proof.ProofData);
            return proof.PostHash;
        });
        string name = $"seed {_seed} index {index}";
        Assert.True(slow == proven, $"{name}: interpreter {slow}, prover {proven}");

        // A panicking step has no proof: its data is put together from the memory before it.
        call ??= Assemble(version, index);
        Verdict replayed = Verdict.OfTwin(twin, call, null);
        Assert.True(slow == replayed, $"{name}: interpreter {slow}, twin {replayed}");
        return new JudgedStep(name, call, slow);
    }

    private Verdict Execute(StateVersion version, int index, Func<Machine, byte[]> execute)
    {
        using Machine machine = Machine.Create(Image(version, index), new MachineOptions());
        return Verdict.Of(() => execute(machine));
    }

    private MachineImage<uint> Image(StateVersion version, int index) =>
        (MachineImage<uint>)new RandomSteps(unchecked(_seed + index), version)
        {
            ReadsPreimages = false,
        }.Next();

    private StepCall Assemble(StateVersion version, int index)
    {
        using MachineImage<uint> image = Image(version, index);
        using PageTree tree = new(image.Memory);
        byte[] witness = Witness.Of(image.State, tree.Root());
        MachineWitness state = new(witness);
        byte[] proofs = new byte[2 * tree.ProofSizeBytes];
        tree.Prove(state.Pc, proofs.AsSpan(0, tree.ProofSizeBytes));
        uint word = InstructionWord.InProof(state, proofs);
        if (InstructionWord.AccessedAddress(state, word) is { } address)
        {
            tree.Prove(address, proofs.AsSpan(tree.ProofSizeBytes));
        }

        return new StepCall(witness, proofs);
    }
}
