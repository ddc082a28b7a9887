using System;
using Culverin.Execute;
using Culverin.Prove;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Execute;

/// <summary>Single random steps: the slow path, the fast path, the prover and the twin must say the same.</summary>
public sealed class RandomStepTests(ITestOutputHelper output)
{
    private const int StepCount = 4000;

    [Theory]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.SingleThreaded2)]
    public void FastPathProverAndTwinAgreeWithTheSlowPath(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var verifier = new StepVerifier(version);
        int panics = 0;
        for (int index = 0; index < StepCount; index++)
        {
            string expected = Outcome(seed, version, index, machine => machine.ExecuteStep(), out _);
            string fast = Outcome(
                seed, version, index, machine => machine.Run(new RunLimits { UntilStep = machine.Step + 1 }), out _);
            Assert.True(expected == fast, $"seed {seed} index {index}: slow {expected}, fast {fast}");

            StepProof? proof = null;
            string proven = Outcome(seed, version, index, machine => proof = machine.Prove(), out byte[] witness);
            Assert.True(expected == proven, $"seed {seed} index {index}: slow {expected}, proven {proven}");
            if (proof is null)
            {
                panics++;
                Assert.Equal("panic", expected[..5]);
                continue;
            }

            Assert.Equal(witness, proof.StateData);
            verifier.Verify(proof);
        }

        output.WriteLine($"{panics} of {StepCount} steps panic");
        Assert.InRange(panics, StepCount / 50, StepCount / 2);
    }

    private static string Outcome(
        int seed, StateVersion version, int index, Action<Machine> execute, out byte[] witness)
    {
        MachineImage<uint> image = new RandomSteps(seed + index, version).Next();
        using Machine machine = Machine.Create(image, new MachineOptions());
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
