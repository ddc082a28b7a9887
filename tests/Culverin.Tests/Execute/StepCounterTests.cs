using Culverin.Isa;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Execute;

/// <summary>The step counter has 64 bits and starts again at 0, as the reference's does.</summary>
public sealed unsafe class StepCounterTests
{
    private const uint BranchToItself = 0x1000_FFFF;
    private const uint Syscall = 0x0000_000C;
    private const ulong NearEnd = ulong.MaxValue - 1;
    private const uint ExitGroup32 = 4246;
    private const uint ExitGroup64 = 5205;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void EveryWayOfRunningCountsOn(StateVersion version)
    {
        foreach (EngineKind engine in new[] { EngineKind.Interpreter, EngineKind.Auto })
        {
            var options = new MachineOptions { Engine = engine };
            using var fast = Machine.Create(Endless(version, NearEnd), options);
            using var slow = Machine.Create(Endless(version, NearEnd), new MachineOptions());
            Assert.Equal(StopReason.StepReached, fast.Run(new RunLimits { StepsMax = 1007 }));
            for (int count = 0; count < 1007; count++)
            {
                slow.ExecuteStep();
            }

            Assert.Equal(1005UL, fast.Step);
            Assert.Equal(slow.Witness(), fast.Witness());
        }
    }

    // A limit behind the counter is reached already; without one a run goes on.
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void WithoutALimitARunGoesOnToTheGuestsEnd(StateVersion version)
    {
        foreach (ulong first in new[] { NearEnd, ulong.MaxValue })
        {
            using var machine = Machine.Create(Exiting(version, first), new MachineOptions());
            Assert.Equal(StopReason.StepReached, machine.Run(new RunLimits { UntilStep = 5 }));
            Assert.Equal(first, machine.Step);
            Assert.Equal(StopReason.StepReached, machine.Run(new RunLimits { UntilStep = ulong.MaxValue }));
            Assert.Equal(ulong.MaxValue, machine.Step);
            Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
            Assert.Equal(unchecked(first + 4), machine.Step);
        }
    }

    [Fact]
    public void AnEndlessRunIsCancelledBehindTheEndOfTheCounter()
    {
        using var cancellation = new CancellationTokenSource(500);
        using var machine = Machine.Open(
            Endless(StateVersion.MultiThreaded64V5, ulong.MaxValue), new MachineOptions());
        OracleAssert.Fails(
            ErrorCode.Cancelled, () => machine.Run(new RunLimits { Cancellation = cancellation.Token }));
        Assert.InRange(machine.Step, 1UL, 1UL << 50);
    }

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void TheLastStepHasAProof(StateVersion version)
    {
        using var machine = Machine.Create(Endless(version, ulong.MaxValue), new MachineOptions());
        StepProof proof = machine.Prove();
        Assert.Equal(ulong.MaxValue, proof.Step);
        Assert.Equal(0UL, machine.Step);
        new StepVerifier(version).Verify(proof);
        Assert.Equal(machine.StateHash(), proof.PostHash);
    }

    // A wait that times out at the last step is over only when a later one is counted, and none is.
    [Theory]
    [InlineData(StateVersion.MultiThreaded)]
    [InlineData(StateVersion.MultiThreaded64)]
    [InlineData(StateVersion.MultiThreaded64V2)]
    public void ATimeOutAtTheEndOfTheCounterIsNotOver(StateVersion version)
    {
        using MachineImage image = Endless(version, NearEnd);
        using var machine = Machine.Create(image, new MachineOptions());
        if (image is MachineImage<uint> image32)
        {
            ThreadState<uint> thread = image32.State.Threads!.Active;
            (thread.FutexAddress, thread.FutexValue, thread.FutexTimeoutStep) = (0x100, 0, ulong.MaxValue);
        }
        else
        {
            ThreadState<ulong> thread = ((MachineImage<ulong>)image).State.Threads!.Active;
            (thread.FutexAddress, thread.FutexValue, thread.FutexTimeoutStep) = (0x100, 0, ulong.MaxValue);
        }

        _ = machine.Run(new RunLimits { StepsMax = 9 });
        Assert.Equal(0UL, machine.ProgramCounter);
        Assert.Equal(7UL, machine.Step);
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ATraceEndsWithTheCounter(StateVersion version)
    {
        using var folder = new TemporaryFolder();
        using MachineImage first = Endless(version, ulong.MaxValue - 3000);
        using var index = TraceIndex.Create(
            folder.Path, first, new TraceOptions { SpacingSteps = 700, ProbeSteps = 2 });
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => index.Build());
        index.Build(ulong.MaxValue);
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => index.Final());
        Assert.Equal(ulong.MaxValue, index.Describe().LastStep);
        Assert.False(index.Describe().IsFinished);

        using var plain = Machine.Create(Endless(version, ulong.MaxValue - 3000), new MachineOptions());
        _ = plain.Run(new RunLimits { UntilStep = ulong.MaxValue });
        Assert.Equal(plain.StateHash(), index.HashAt(ulong.MaxValue));
        StepProof proof = index.ProofAt(ulong.MaxValue);
        Assert.Equal(plain.Prove().PostHash, proof.PostHash);

        // A caller's run may go on; the index learns nothing from it.
        int count = index.Describe().CheckpointCount;
        using (TraceRun run = index.RunNear(ulong.MaxValue, new MachineOptions()))
        {
            _ = run.Machine.Run(new RunLimits { StepsMax = 5000 });
            run.TakeCheckpoint();
            run.Finish();
        }

        Assert.Equal(count, index.Describe().CheckpointCount);
        Assert.Equal(proof.PreHash, index.HashAt(ulong.MaxValue));
    }

    private static MachineImage Endless(StateVersion version, ulong step) =>
        Create(version, step, [BranchToItself, 0]);

    private static MachineImage Exiting(StateVersion version, ulong step)
    {
        uint number = FeatureSet.Of(version).WordBits == 32 ? ExitGroup32 : ExitGroup64;
        uint setNumber = InstructionSet.Rows.First(row => row.Mnemonic == "addiu").FixedBits
            | (2U << 16) | number;
        return Create(version, step, [0, 0, setNumber, Syscall]);
    }

    // SAFETY: the state's native block lives as long as the image.
    private static MachineImage Create(StateVersion version, ulong step, uint[] code)
    {
        MachineImage image = MachineImage.CreateEmpty(version);
        for (int number = 0; number < code.Length; number++)
        {
            image.Memory.WriteUInt32((ulong)number * sizeof(uint), code[number]);
        }

        if (image is MachineImage<uint> image32)
        {
            (image32.State.Step, image32.State.Cpu->NextPc) = (step, 4);
        }
        else
        {
            var image64 = (MachineImage<ulong>)image;
            (image64.State.Step, image64.State.Cpu->NextPc) = (step, 4);
        }

        return image;
    }
}
