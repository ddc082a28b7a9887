using Culverin.Harness.Arenas.Steps;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Takes one step of a state three times: with the interpreter, with the prover and with the twin, which must
/// say the same.
/// </summary>
internal sealed class StepTaker(DeployedContract contract, StateVersion version)
{
    private readonly StepVerifier _twin = new(version);

    public StepTaker(DeployedContract contract)
        : this(contract, contract.Version)
    {
    }

    /// <summary>Takes the step.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="create">Makes the state, each time the same.</param>
    public JudgedStep Take(string name, Func<MachineImage> create)
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
            call = HandmadeStep.Call(proof);
            return proof.PostHash;
        });
        Assert.True(slow == proven, $"{name}: interpreter {slow}, prover {proven}");
        if (call is null)
        {
            // A panicking step has no proof.
            using MachineImage image = create();
            call = StepAssembler.Assemble(contract, image);
        }

        Verdict replayed = Verdict.OfTwin(_twin, call, null);
        Assert.True(slow == replayed, $"{name}: interpreter {slow}, twin {replayed}");
        return new JudgedStep(name, call, slow) { After = slow.Hash is null ? null : after };
    }

    private static Verdict Execute(Func<MachineImage> create, Func<Machine, byte[]> execute)
    {
        using Machine machine = Machine.Create(create(), new MachineOptions());
        return Verdict.Of(() => execute(machine));
    }
}
