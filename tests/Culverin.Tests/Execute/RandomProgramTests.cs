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
/// Whole random programs on the fast path, stopped at odd places, against the slow path step by step. The
/// programs branch into delay slots, write over their own code and fall off its end.
/// </summary>
public sealed class RandomProgramTests(ITestOutputHelper output)
{
    private const int ProgramCount = 60;
    private const int StepsMax = 3000;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void FastPathProverAndTwinEqualSlowPathAtOddStops(StateVersion version)
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

    // SAFETY: both functions use the registers while the image lives.
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
        using Machine fast = new RandomProgram(seed, version).CreateMachine();
        using Machine slow = new RandomProgram(seed, version).CreateMachine();
        var verifier = new StepVerifier(version);
        var stops = new Random(seed);
        string panic = "";
        while (panic.Length == 0 && slow.Step < StepsMax && !slow.Exited)
        {
            ulong until = slow.Step + (ulong)stops.Next(1, stops.Next(2) == 0 ? 4 : 200);
            string fastPanic = Panic(() => fast.Run(new RunLimits { UntilStep = until }));
            panic = Panic(() => SlowPath.StepTo(slow, until));
            Assert.True(
                fast.Witness().AsSpan().SequenceEqual(slow.Witness()) && fastPanic == panic,
                $"seed {seed}, steps to {until}: "
                    + $"fast at {fast.Step} {fastPanic}, slow at {slow.Step} {panic}");
            if (panic.Length == 0 && !slow.Exited)
            {
                panic = Panic(() => Prove(fast, slow, verifier, $"seed {seed}, step {slow.Step}"));
            }
        }

        return slow.Step;
    }

    // One step from here: proven on one machine, run on the other, and executed by the twin.
    private static void Prove(Machine fast, Machine slow, StepVerifier verifier, string where)
    {
        StepProof proof = slow.Prove();
        _ = fast.Run(new RunLimits { UntilStep = fast.Step + 1 });
        Assert.True(proof.PostHash.AsSpan().SequenceEqual(fast.StateHash()), $"{where}: the proof differs");
        try
        {
            verifier.Verify(proof);
        }
        catch (CulverinException error)
        {
            Assert.Fail($"{where}: the twin says: {error.Message}");
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
