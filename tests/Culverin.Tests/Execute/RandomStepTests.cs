using Culverin.Execute;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Execute;

/// <summary>
/// Single random steps: the slow path, the fast path, the prover and the twin must say the same.
/// </summary>
public sealed class RandomStepTests(ITestOutputHelper output)
{
    private const int StepCount = 2000;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void FastPathProverAndTwinAgreeWithTheSlowPath(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var verifier = new StepVerifier(version);
        int panics = 0;
        for (int index = 0; index < StepCount; index++)
        {
            string expected = Outcome(seed, version, index, machine => machine.ExecuteStep(), out _);
            string fast = Outcome(seed, version, index, RunOneStep, out _);
            Assert.True(expected == fast, $"seed {seed} index {index}: slow {expected}, fast {fast}");

            StepProof? proof = null;
            string proven =
                Outcome(seed, version, index, machine => proof = machine.Prove(), out byte[] witness);
            Assert.True(expected == proven, $"seed {seed} index {index}: slow {expected}, proven {proven}");
            if (proof is null)
            {
                panics++;
                Assert.Equal("panic", expected[..5]);
                continue;
            }

            Assert.Equal(witness, proof.StateData);
            Verify(verifier, proof, $"seed {seed} index {index}");
        }

        output.WriteLine($"{panics} of {StepCount} steps panic");
        Assert.InRange(panics, StepCount / 50, StepCount / 2);
    }

    private static void RunOneStep(Machine machine) =>
        machine.Run(new RunLimits { UntilStep = machine.Step + 1 });

    private static void Verify(StepVerifier verifier, StepProof proof, string where)
    {
        try
        {
            verifier.Verify(proof);
        }
        catch (CulverinException error)
        {
            Assert.Fail($"{where}: the twin says: {error.Message}");
        }
    }

    private static string Outcome(
        int seed, StateVersion version, int index, Action<Machine> execute, out byte[] witness)
    {
        MachineImage image = new RandomSteps(seed + index, version).Next();
        using Machine machine =
            Machine.Create(image, new MachineOptions { Oracle = RandomSteps.CreateOracle() });
        witness = machine.Witness();
        try
        {
            execute(machine);
            return Convert.ToHexStringLower(machine.StateHash());
        }
        catch (GuestPanicException panic)
        {
            // A step that cannot be executed leaves the state as it was.
            Assert.Equal(witness, machine.Witness());
            return $"panic {panic.Reason}";
        }
    }
}
