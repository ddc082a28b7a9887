using System;
using Culverin.Harness.Arenas;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.OnChain.Tests;

/// <summary>A step that a test puts together: an instruction at a fixed place, some registers.</summary>
internal static class HandmadeStep
{
    public const uint Pc = 0x0040_0000;

    /// <summary>Proves the step.</summary>
    /// <param name="version">By whose rules.</param>
    /// <param name="instruction">The instruction word.</param>
    /// <param name="setUp">Changes the image before the step; null for nothing.</param>
    /// <param name="oracle">Where a pre-image comes from; null for nowhere.</param>
    public static unsafe StepProof Prove(
        StateVersion version,
        uint instruction,
        Action<MachineImage<uint>>? setUp = null,
        IPreimageOracle? oracle = null)
    {
        MachineImage<uint> image = MachineImage.CreateEmpty32(version);
        image.Memory.WriteUInt32(Pc, instruction);

        // SAFETY: the image owns the registers and is not disposed before the machine.
        image.State.Cpu->Pc = Pc;
        image.State.Cpu->NextPc = Pc + 4;
        setUp?.Invoke(image);
        using Machine machine =
            Machine.Create(image, new MachineOptions { Oracle = oracle ?? NoOracle.Instance });
        return machine.Prove();
    }

    /// <summary>Sets registers: number and value in turn.</summary>
    public static unsafe Action<MachineImage<uint>> Registers(params uint[] pairs) => image =>
    {
        for (int index = 0; index < pairs.Length; index += 2)
        {
            // SAFETY: as above.
            image.State.Cpu->Registers[(int)pairs[index]] = pairs[index + 1];
        }
    };

    /// <summary>The call that puts a proof before the contract.</summary>
    public static StepCall Call(StepProof proof) => new(proof.StateData, proof.ProofData);
}
