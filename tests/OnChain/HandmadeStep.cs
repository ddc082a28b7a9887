using Culverin.Harness.Arenas.Steps;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.OnChain.Tests;

/// <summary>A step that a test puts together: an instruction at a fixed place, some registers.</summary>
internal static class HandmadeStep
{
    public const uint Pc = 0x0040_0000;
    public const uint Syscall = 0x0000_000C;

    /// <summary>Makes the state before the step; the caller disposes it.</summary>
    /// <param name="version">By whose rules.</param>
    /// <param name="instruction">The instruction word.</param>
    /// <param name="registers">Number and value in turn.</param>
    public static MachineImage Create(
        StateVersion version, uint instruction, params ReadOnlySpan<ulong> registers)
    {
        MachineImage image = MachineImage.CreateEmpty(version);
        image.Memory.WriteUInt32(Pc, instruction);
        image.SetProgramCounter(Pc);
        image.SetRegisters(registers);
        return image;
    }

    /// <summary>Proves the step of a state, and disposes it.</summary>
    /// <param name="image">The state.</param>
    /// <param name="oracle">Where a pre-image comes from; null for nowhere.</param>
    public static StepProof Prove(MachineImage image, IPreimageOracle? oracle = null)
    {
        using Machine machine =
            Machine.Create(image, new MachineOptions { Oracle = oracle ?? NoOracle.Instance });
        return machine.Prove();
    }

    /// <summary>A state that reads the next bytes of a pre-image.</summary>
    public static MachineImage Reading(
        DeployedContract contract, ReadOnlySpan<byte> key, uint offset, ulong address, ulong count)
    {
        const ulong PreimageDescriptor = 5;
        MachineImage image = Create(
            contract.Version, Syscall,
            2, contract.ReadNumber, 4, PreimageDescriptor, 5, address, 6, count);
        image.SetPreimage(key, offset);
        return image;
    }

    /// <summary>The call that puts a proof before the contract.</summary>
    public static StepCall Call(StepProof proof) => new(proof.StateData, proof.ProofData);
}
