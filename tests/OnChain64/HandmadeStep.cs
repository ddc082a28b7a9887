using Culverin.Harness.Arenas;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.OnChain64.Tests;

/// <summary>A step that a test puts together: an instruction at a fixed place, some registers.</summary>
internal static class HandmadeStep
{
    public const ulong Pc = 0x0040_0000;
    public const uint Syscall = 0x0000_000C;

    /// <summary>Makes the state before the step; the caller disposes it.</summary>
    /// <param name="instruction">The instruction word.</param>
    /// <param name="registers">Number and value in turn.</param>
    public static MachineImage<ulong> Create(uint instruction, params ulong[] registers)
    {
        MachineImage<ulong> image = MachineImage.CreateEmpty64(StateVersion.MultiThreaded64V5);
        image.Memory.WriteUInt32(Pc, instruction);
        image.State.SetProgramCounter(Pc);
        for (int index = 0; index < registers.Length; index += 2)
        {
            image.State.SetRegister((int)registers[index], registers[index + 1]);
        }

        return image;
    }

    /// <summary>Proves the step of a state, and disposes it.</summary>
    public static StepProof Prove(MachineImage<ulong> image, IPreimageOracle? oracle = null)
    {
        using Machine machine =
            Machine.Create(image, new MachineOptions { Oracle = oracle ?? NoOracle.Instance });
        return machine.Prove();
    }

    /// <summary>The call that puts a proof before the contract.</summary>
    public static StepCall Call(StepProof proof) => new(proof.StateData, proof.ProofData);
}
