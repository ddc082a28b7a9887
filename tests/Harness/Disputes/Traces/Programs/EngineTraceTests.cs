using Culverin.Files;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;
using Xunit;
using FaultProofProgram = Culverin.Harness.Tests.Host.Guest;

namespace Culverin.Harness.Tests.Disputes.Traces.Programs;

/// <summary>The engine's trace against a plain run of the fault-proof program.</summary>
public sealed class EngineTraceTests
{
    [Fact]
    public async Task A_leaf_is_the_state_after_one_more_step()
    {
        using TemporaryFolder folder = new();
        using MachineImage first = StateFile.Read(FaultProofProgram.PrestatePath);
        using EngineTrace trace = new(TraceIndex.Create(folder.Path, first, new TraceOptions()));
        Assert.Equal(FaultProofProgram.PrestateHash, await trace.PrestateAsync());
        using Machine machine = FaultProofProgram.Start(NoOracle.Instance);
        foreach (ulong leaf in new ulong[] { 0, 1, 2, 77, 1_000 })
        {
            machine.Run(new RunLimits { UntilStep = leaf });
            Bytes32 before = new(machine.StateHash());
            machine.Run(new RunLimits { UntilStep = leaf + 1 });
            Assert.Equal(new Bytes32(machine.StateHash()), await trace.ClaimAtAsync(leaf));
            StepData step = await trace.StepAsync(leaf);
            Assert.Equal(
                before.ToArray()[1..], Bytes32.Keccak256(step.Prestate.Span).ToArray()[1..]);
            Assert.False(step.Proof.IsEmpty);
        }
    }
}
