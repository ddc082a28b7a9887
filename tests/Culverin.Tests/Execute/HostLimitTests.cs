using Culverin.Files;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Execute;

/// <summary>Guests that ask for more and more end with an error, in a state that can be saved.</summary>
public sealed class HostLimitTests
{
    private const int PageLimit = 1500;
    private const int ThreadLimit = 65_536;
    private const ulong Start = 0x0040_0000;

    [Theory]
    [InlineData("greedy.elf", StateVersion.SingleThreaded)]
    [InlineData("greedy.elf", StateVersion.SingleThreaded2)]
    [InlineData("greedy.elf", StateVersion.MultiThreaded2)]
    [InlineData("greedy.64.elf", StateVersion.MultiThreaded64)]
    [InlineData("greedy.64.elf", StateVersion.MultiThreaded64V5)]
    public void MemoryIsBounded(string elf, StateVersion version)
    {
        using Machine machine = OwnGuest.CreateMachine(elf, version);
        machine.Image.Memory.PageLimit = PageLimit;
        RequireLimit(machine, $"the limit is {PageLimit}");
        Assert.InRange(machine.PageCount, PageLimit, PageLimit + 2);
        ulong step = machine.Step;

        // Asked again, it says the same and does nothing.
        RequireLimit(machine, $"the limit is {PageLimit}");
        Assert.Equal(step, machine.Step);

        // Nothing of the failing step was done: with more memory the run goes on as if there were no limit.
        machine.Image.Memory.PageLimit = 2 * PageLimit;
        RequireLimit(machine, $"the limit is {2 * PageLimit}");
        using Machine free = OwnGuest.CreateMachine(elf, version);
        _ = free.Run(new RunLimits { UntilStep = machine.Step });
        Assert.Equal(free.StateHash(), machine.StateHash());
        Assert.True(machine.Step > step);
    }

    // A guest that needs what it has goes on.
    [Fact]
    public void AGuestWithinItsLimitNoticesNothing()
    {
        var guest = OwnGuest.Of(OwnGuest.TestFolder, "sparseheap.64.elf", StateVersion.MultiThreaded64V5);
        using Machine free = guest.CreateMachine();
        _ = free.Run(new RunLimits());
        using Machine limited = guest.CreateMachine();
        limited.Image.Memory.PageLimit = free.PageCount;
        Assert.Equal(StopReason.Exited, limited.Run(new RunLimits()));
        Assert.Equal(free.StateHash(), limited.StateHash());
        using Machine tight = guest.CreateMachine();
        tight.Image.Memory.PageLimit = free.PageCount - 1;
        RequireLimit(tight, "limit");
    }

    // A state file with more threads would be refused, so a running guest must not get there.
    [Theory]
    [InlineData(StateVersion.MultiThreaded64)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ThreadsAreBounded(StateVersion version)
    {
        using Machine machine = OwnGuest.CreateMachine("spawner.64.elf", version);
        RequireLimit(machine, $"{ThreadLimit} threads");
        using var folder = new TemporaryFolder();
        StateFile.Write(folder.File("many.bin.gz"), machine.Image);
        using var back = Machine.Create(StateFile.Read(folder.File("many.bin.gz")), new MachineOptions());
        Assert.Equal(machine.StateHash(), back.StateHash());
        RequireLimit(back, $"{ThreadLimit} threads");
        Assert.Equal(machine.StateHash(), back.StateHash());
    }

    // Zeros are instructions that do nothing. More of them than the interpreter remembers, then back to code
    // that it has forgotten by then.
    [Theory]
    [InlineData(EngineKind.Interpreter)]
    [InlineData(EngineKind.Auto)]
    public unsafe void CodeWithoutEndIsExecutedAndForgotten(EngineKind engine)
    {
        const uint zeros = 0x1000_0000;
        const uint count = 18_000_000;
        const uint jumpToFirst = 0x0100_0008;
        const uint jumpToSecond = 0x03E0_0008;
        const uint increment = 0x2442_0001;
        MachineImage<ulong> image = MachineImage.CreateEmpty64(StateVersion.MultiThreaded64V5);
        image.Memory.WriteUInt32(Start, increment);
        image.Memory.WriteUInt32(Start + 4, jumpToFirst);
        image.Memory.WriteUInt32(zeros + (count * 4), jumpToSecond);

        // SAFETY: the state's native block lives as long as the machine, which takes the image over.
        CpuState<ulong>* cpu = image.State.Cpu;
        cpu->Pc = Start;
        cpu->NextPc = Start + 4;
        cpu->Registers[8] = zeros;
        cpu->Registers[31] = Start;
        using var machine = Machine.Create(image, new MachineOptions { Engine = engine });

        // One increment, the jump and its delay slot, the zeros, the jump back and its delay slot, and once
        // in a turn the scheduler's step.
        _ = machine.Run(new RunLimits { UntilStep = (2 * (count + 5)) + (2 * count / 100_000) });
        Assert.Equal(2UL, cpu->Registers[2]);
        Assert.Equal(2, machine.PageCount);
    }

    private static void RequireLimit(Machine machine, string why)
    {
        CulverinException error = OracleAssert.Fails(
            ErrorCode.LimitExceeded, () => machine.Run(new RunLimits()));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
