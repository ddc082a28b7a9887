using Culverin.Harness.Tests;

namespace Culverin.OnChain.Tests;

/// <summary>
/// The parts of an instruction word, taken apart independently of the engine's decoder; and which word of
/// memory a step uses.
/// </summary>
internal static class InstructionWord
{
    private const uint FirstMemoryOpcode = 0x20;
    private const uint ReadNumber = 4003;
    private const uint WriteNumber = 4004;
    private const uint PreimageReadDescriptor = 5;
    private const uint PreimageWriteDescriptor = 6;

    public static uint Primary(uint word) => word >> 26;

    public static int Rs(uint word) => (int)((word >> 21) & 31);

    public static int Rt(uint word) => (int)((word >> 16) & 31);

    public static int Rd(uint word) => (int)((word >> 11) & 31);

    public static bool IsSyscall(uint word) => (word & 0xFC00_003F) == 0x0C;

    public static bool IsSrav(uint word) => (word & 0xFC00_003F) == 0x07;

    /// <summary>The instruction word in the first memory proof.</summary>
    public static uint InProof(MachineWitness state, byte[] proofData) =>
        MachineWitness.ReadWord(proofData, state.Pc & 28);

    /// <summary>
    /// The address of the word that the contract reads through the second proof; null if it reads none. From
    /// opcode 0x20 on it reads before it knows whether such an instruction exists.
    /// </summary>
    public static uint? AccessedAddress(MachineWitness state, uint word)
    {
        if (Primary(word) >= FirstMemoryOpcode)
        {
            return unchecked(state.Register(Rs(word)) + (uint)(short)word) & ~3u;
        }

        bool isPreimage = (state.Register(2), state.Register(4)) is
            (ReadNumber, PreimageReadDescriptor) or (WriteNumber, PreimageWriteDescriptor);
        return IsSyscall(word) && isPreimage ? state.Register(5) & ~3u : null;
    }
}
