using Culverin.Execute;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Execute;

/// <summary>System call numbers that no program has.</summary>
public sealed unsafe class SyscallNumberTests
{
    private const ulong Code = 0x0040_0000;
    private const uint Syscall = 0x0000_000C;

    public static TheoryData<StateVersion> WideVersions =>
        [.. FeatureSet.All.Where(set => set.WordBits == 64).Select(set => set.Version)];

    // Version 3 takes all ones, its mark of calls that 64-bit Linux lacks, for such a call; the reference of
    // that version was seen to answer 0.
    [Theory]
    [MemberData(nameof(WideVersions))]
    public void AllOnesDoesNothingInVersion3AndPanicsInOthers(StateVersion version)
    {
        using Machine machine = CreateMachine(version, ulong.MaxValue);
        if (version != StateVersion.MultiThreaded64)
        {
            GuestPanicException panic = Assert.Throws<GuestPanicException>(machine.ExecuteStep);
            Assert.Equal(TrapReason.UnknownSyscall, panic.Reason);
            return;
        }

        StepProof proof = machine.Prove();
        new StepVerifier(version).Verify(proof);
        CpuState<ulong>* cpu = ((MachineImage<ulong>)machine.Image).State.Cpu;
        Assert.Equal(0UL, cpu->Registers[2]);
        Assert.Equal(0UL, cpu->Registers[7]);
        Assert.Equal(Code + 4, cpu->Pc);
    }

    // The low half alone is a call that exists.
    [Theory]
    [MemberData(nameof(WideVersions))]
    public void NumbersAreComparedWhole(StateVersion version)
    {
        using Machine machine = CreateMachine(version, 0x1_0000_0000 + 5023);
        GuestPanicException panic = Assert.Throws<GuestPanicException>(machine.ExecuteStep);
        Assert.Equal(TrapReason.UnknownSyscall, panic.Reason);
    }

    private static Machine CreateMachine(StateVersion version, ulong number)
    {
        MachineImage<ulong> image = MachineImage.CreateEmpty64(version);
        image.Memory.WriteUInt32(Code, Syscall);

        // SAFETY: the state's native block lives as long as the machine, which takes the image over.
        CpuState<ulong>* cpu = image.State.Cpu;
        cpu->Pc = Code;
        cpu->NextPc = Code + 4;
        cpu->Registers[2] = number;
        cpu->Registers[7] = 5;
        return Machine.Create(image, new MachineOptions());
    }
}
