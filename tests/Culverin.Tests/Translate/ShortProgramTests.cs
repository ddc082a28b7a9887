using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared.Engines;
using Culverin.Translate;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Translate;

/// <summary>Instructions that were once translated wrongly, in a loop of their own.</summary>
public sealed class ShortProgramTests
{
    private const ulong CodeStart = 0x0040_0000;
    private const ulong StepsMax = 200;

    /// <summary>What the loop executes.</summary>
    public static TheoryData<StateVersion, string, uint[]> Programs => new()
    {
        { StateVersion.SingleThreaded2, "subu r5, r5, r5", [0x00A5_2823] },
        { StateVersion.MultiThreaded64V5, "dsub r4, r4, r4", [0x0084_202E] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void TranslatorEqualsTheSlowPath(StateVersion version, string name, uint[] code)
    {
        using Machine expected = Create(version, code);
        using Machine actual = Create(version, code);
        while (expected.Step < StepsMax)
        {
            expected.ExecuteStep();
        }

        _ = actual.Run(new RunLimits { UntilStep = StepsMax });
        string? difference = StateDifference.Find(expected, actual, expected.Image.Memory.DirtyPages);
        Assert.True(difference is null, $"{name}:\n{difference}");
    }

    private static Machine Create(StateVersion version, uint[] code)
    {
        var image = MachineImage.CreateEmpty(version);
        ulong address = CodeStart;
        foreach (uint word in code)
        {
            image.Memory.WriteUInt32(address, word);
            address += sizeof(uint);
        }

        // beq r0, r0, to the start; nop
        image.Memory.WriteUInt32(address, 0x1000_0000u | (ushort)(-code.Length - 1));
        image.Memory.WriteUInt32(address + sizeof(uint), 0);
        if (image is MachineImage<uint> narrow)
        {
            SetUp(narrow);
        }
        else
        {
            SetUp((MachineImage<ulong>)image);
        }

        var tuning = new TranslatorTuning { HotCount = 1 };
        return Machine.Create(image, new MachineOptions { Engine = EngineKind.Translator, Tuning = tuning });
    }

    // SAFETY: the state's native block lives as long as the image.
    private static unsafe void SetUp(MachineImage<uint> image)
    {
        CpuState<uint>* cpu = image.State.Cpu;
        cpu->Pc = (uint)CodeStart;
        cpu->NextPc = (uint)CodeStart + 4;
        for (int register = 1; register < 32; register++)
        {
            cpu->Registers[register] = 0x9E37_79B9 * (uint)register;
        }
    }

    private static unsafe void SetUp(MachineImage<ulong> image)
    {
        CpuState<ulong>* cpu = image.State.Cpu;
        cpu->Pc = CodeStart;
        cpu->NextPc = CodeStart + 4;
        for (int register = 1; register < 32; register++)
        {
            cpu->Registers[register] = unchecked(0x9E37_79B9_7F4A_7C15 * (ulong)register);
        }
    }
}
