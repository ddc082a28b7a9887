using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Local;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.OnChain.Tests;

/// <summary>MIPS 1.0.1: 32-bit words, one thread.</summary>
internal sealed class MipsContract : DeployedContract
{
    private const string BadProof = "0x000000000000000000000000000000000000000000000000000000000badf00d";
    private const uint FirstMemoryOpcode = 0x20;
    private const uint RegisterImmediate = 1;
    private const int Bgezal = 0x11;
    private const ulong Read = 4003;
    private const ulong Write = 4004;
    private const ulong Fcntl = 4055;
    private const ulong GetDescriptorFlags = 1;
    private const ulong PreimageReadDescriptor = 5;
    private const ulong PreimageWriteDescriptor = 6;

    public override string Name => "MIPS 1.0.1";

    public override StateVersion Version => StateVersion.SingleThreaded;

    public override StateVersion Neighbour => StateVersion.SingleThreaded2;

    // What Go's start does, and the guest of all instructions.
    public override IReadOnlyList<string> DifferingGuests =>
        ["allinsn", "hello", "preimage", "preimage-bad", "quirks"];

    public override WitnessLayout Layout => WitnessLayout.Mips;

    public override IReadOnlyList<string> CoveringGuests => ["allinsn", "quirks"];

    public override IReadOnlyList<string> RunGuests =>
        [.. CoveringGuests, "hello", "preimage", "preimage-bad", "hello-go122-fails"];

    public override bool HasLocalPartAtEnd => true;

    public override ulong ReadNumber => Read;

    public override (ulong Least, ulong Most) Gas => (40_000, 300_000);

    public override Task<StepArena> StartAsync(NodePackages packages) => StepArena.StartAsync(packages);

    public override bool RefusesAlike(Verdict verdict, RevertReason revert) => verdict.Trap switch
    {
        TrapReason.UnalignedProgramCounter => revert.Data.IsEmpty,
        TrapReason.InvalidInstruction => revert.Text == "invalid instruction",
        TrapReason.DivisionByZero => revert.Text == "MIPS: division by zero",
        TrapReason.BranchInDelaySlot => revert.Text is "jump in delay slot" or "branch in delay slot",
        TrapReason.PreimageOffsetOutOfRange => revert.Text == Verdict.NoPreimage,
        TrapReason.None => verdict.Refusal == ErrorCode.ProofRejected
            && (Harness.Values.Hex.Format(revert.Data.Span) == BadProof || revert.Text == Verdict.NoPreimage),
        _ => false,
    };

    // Version 2 knows F_GETFD and bgezal. (bltzal, which later releases of version 2 know too, is a branch
    // never taken in the recorded one.)
    public override bool NeighbourDiffers(StepWitness before)
    {
        if (before.Idle is not null)
        {
            return false;
        }

        if (before.IsSyscall)
        {
            return before.Register(2) == Fcntl && before.Register(5) == GetDescriptorFlags;
        }

        uint fallThrough = unchecked((uint)before.Pc + 8);
        uint target = unchecked((uint)before.Pc + 4 + ((uint)(short)before.Instruction << 2));
        bool branches = (int)before.Register(before.Rs) >= 0 && target != fallThrough;
        return before.Opcode == RegisterImmediate
            && before.Rt == Bgezal
            && (branches || before.Register(31) != fallThrough);
    }

    // From opcode 0x20 on it reads before it knows whether such an instruction exists.
    public override ulong? AccessedAddress(StepWitness before)
    {
        if (before.Opcode >= FirstMemoryOpcode)
        {
            return before.EffectiveAddress & ~3UL;
        }

        bool isPreimage = (before.Register(2), before.Register(4)) is
            (Read, PreimageReadDescriptor) or (Write, PreimageWriteDescriptor);
        return before.IsSyscall && isPreimage ? before.Register(5) & ~3UL : null;
    }

    public override int ReadProofCount(StepWitness before) => AccessedAddress(before) is null ? 1 : 2;
}
