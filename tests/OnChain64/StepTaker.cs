using System;
using Culverin.Harness.Arenas;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Takes one step of a state three times: with the interpreter, with the prover and with the twin, which must
/// say the same.
/// </summary>
internal static class StepTaker
{
    private static readonly StepVerifier Twin = new(StateVersion.MultiThreaded64V5);

    /// <summary>Takes the step.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="create">Makes the state, each time the same.</param>
    public static JudgedStep Take(string name, Func<MachineImage<ulong>> create)
    {
        StepCall? call = null;
        byte[] after = [];
        Verdict slow = Execute(create, machine =>
        {
            machine.ExecuteStep();
            after = machine.Witness();
            return machine.StateHash();
        });
        Verdict proven = Execute(create, machine =>
        {
            StepProof proof = machine.Prove();
            call = new StepCall(proof.StateData, proof.ProofData);
            return proof.PostHash;
        });
        Assert.True(slow == proven, $"{name}: interpreter {slow}, prover {proven}");
        if (call is null)
        {
            using MachineImage<ulong> image = create();
            call = StepAssembler.Assemble(image);
        }

        Verdict replayed = Verdict.OfTwin(Twin, call, null);
        Assert.True(slow == replayed, $"{name}: interpreter {slow}, twin {replayed}");
        ThreadedWitness before = new(call.StateData.Span, call.ProofData.Span);
        return new JudgedStep(name, call, slow)
        {
            ContractHash = slow.Hash is null ? null : KnownDifference.ContractHash(before, after),
        };
    }

    private static Verdict Execute(Func<MachineImage<ulong>> create, Func<Machine, byte[]> execute)
    {
        using Machine machine = Machine.Create(create(), new MachineOptions());
        return Verdict.Of(() => execute(machine));
    }
}
