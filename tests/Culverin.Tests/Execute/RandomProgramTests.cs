using System;
using Culverin.Execute;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Execute;

/// <summary>
/// Whole random programs on the fast path, stopped at odd places, against the slow path step by step. The
/// programs branch into delay slots, write over their own code and fall off its end.
/// </summary>
public sealed class RandomProgramTests(ITestOutputHelper output)
{
    private const int ProgramCount = 150;
    private const int StepsMax = 3000;

    [Theory]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.SingleThreaded2)]
    public void FastPathEqualsSlowPathAtOddStops(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        ulong steps = 0;
        for (int index = 0; index < ProgramCount; index++)
        {
            steps += Compare(seed + index, version);
        }

        output.WriteLine($"{steps} steps compared");
        Assert.True(steps > ProgramCount * 100, $"seed {seed}: only {steps} steps were compared");
    }

    [Fact]
    public void SelfModifyingCodeIsSeenAtOnce()
    {
        // 0: sw r2, 8(r28)   4: nop   8: addiu r3, r0, 1 (replaced by addiu r3, r0, 2 before it runs)
        MachineImage<uint> image = MachineImage.CreateEmpty32(StateVersion.SingleThreaded2);
        SetUp(image, [0xAF82_0008, 0, 0x2403_0001, 0x1000_FFFC, 0]);
        using Machine machine = Machine.Create(image, new MachineOptions());
        _ = machine.Run(new RunLimits { UntilStep = 3 });
        Assert.Equal(2u, Register(image, 3));
        _ = machine.Run(new RunLimits { UntilStep = 1000 });
        Assert.Equal(2u, Register(image, 3));
    }

    private static unsafe void SetUp(MachineImage<uint> image, uint[] code)
    {
        for (int index = 0; index < code.Length; index++)
        {
            image.Memory.WriteUInt32(RandomProgram.CodeStart + ((uint)index * 4), code[index]);
        }

        CpuState<uint>* cpu = image.State.Cpu;
        cpu->Pc = RandomProgram.CodeStart;
        cpu->NextPc = RandomProgram.CodeStart + 4;
        cpu->Registers[28] = RandomProgram.CodeStart;
        cpu->Registers[2] = 0x2403_0002;
    }

    private static unsafe uint Register(MachineImage<uint> image, int register) =>
        image.State.Cpu->Registers[register];

    private static ulong Compare(int seed, StateVersion version)
    {
        using Machine fast = Machine.Create(new RandomProgram(seed, version).Create(), new MachineOptions());
        using Machine slow = Machine.Create(new RandomProgram(seed, version).Create(), new MachineOptions());
        var stops = new Random(seed);
        while (fast.Step < StepsMax && !fast.Exited)
        {
            ulong until = fast.Step + (ulong)stops.Next(1, stops.Next(2) == 0 ? 4 : 200);
            string fastPanic = Panic(() => fast.Run(new RunLimits { UntilStep = until }));
            string slowPanic = Panic(() => StepTo(slow, until));
            Assert.True(
                fast.Witness().AsSpan().SequenceEqual(slow.Witness()) && fastPanic == slowPanic,
                $"seed {seed}, steps to {until}: fast at {fast.Step} {fastPanic}, slow at {slow.Step} {slowPanic}");
            if (fastPanic.Length > 0)
            {
                break;
            }
        }

        return fast.Step;
    }

    private static void StepTo(Machine machine, ulong until)
    {
        while (machine.Step < until && !machine.Exited)
        {
            machine.ExecuteStep();
        }
    }

    private static string Panic(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (GuestPanicException panic)
        {
            return $"{panic.Reason} at {panic.Step}";
        }
    }
}
