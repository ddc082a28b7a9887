using Culverin.Harness.Tests;

namespace Culverin.OnChain.Tests;

/// <summary>Where version 2 and the deployed contract, which behaves as version 0, may differ.</summary>
internal static class VersionTwo
{
    public const uint FcntlNumber = 4055;
    public const uint GetDescriptorFlags = 1;

    private const uint RegisterImmediate = 1;
    private const int Bgezal = 0x11;

    /// <summary>Whether the step is fcntl with F_GETFD or bgezal.</summary>
    public static bool MayDiffer(MachineWitness state, uint word) =>
        (InstructionWord.IsSyscall(word)
            && state.Register(2) == FcntlNumber
            && state.Register(5) == GetDescriptorFlags)
        || (InstructionWord.Primary(word) == RegisterImmediate && InstructionWord.Rt(word) == Bgezal);
}
