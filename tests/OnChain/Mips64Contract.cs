using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Local;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.OnChain.Tests;

/// <summary>MIPS64 1.7.0: 64-bit words and threads.</summary>
internal sealed class Mips64Contract : DeployedContract
{
    public const ulong Getrandom = 5313;

    private const uint FirstMemoryOpcode = 0x20;
    private const uint LoadDoubleLeft = 0x1A;
    private const uint LoadDoubleRight = 0x1B;
    private const uint StoreConditional = 0x38;
    private const uint StoreConditionalDoubleword = 0x3C;
    private const ulong WordMask = ~7UL;
    private const ulong Read = 5000;

    public override string Name => "MIPS64 1.7.0";

    public override StateVersion Version => StateVersion.MultiThreaded64V5;

    public override StateVersion Neighbour => StateVersion.MultiThreaded64V4;

    public override IReadOnlyList<string> DifferingGuests => ["quirks64"];

    public override WitnessLayout Layout => WitnessLayout.Mips64;

    public override IReadOnlyList<string> CoveringGuests => ["allinsn", "quirks64", "mtquirks64"];

    public override IReadOnlyList<string> RunGuests =>
        [.. CoveringGuests, "hello", "preimage", "preimage-bad"];

    public override bool HasLocalPartAtEnd => false;

    public override ulong ReadNumber => Read;

    public override (ulong Least, ulong Most) Gas => (100_000, 400_000);

    public override Task<StepArena> StartAsync(NodePackages packages) =>
        StepArena.StartModernAsync(packages);

    public override bool RefusesAlike(Verdict verdict, RevertReason revert) => verdict.Trap switch
    {
        TrapReason.UnalignedProgramCounter => revert.Name == "InvalidPC",
        TrapReason.InvalidInstruction => revert.Text == "MIPS64: invalid instruction",
        TrapReason.DivisionByZero => revert.Text == "MIPS64: division by zero",
        TrapReason.BranchInDelaySlot =>
            revert.Text is "MIPS64: jump in delay slot" or "MIPS64: branch in delay slot",
        TrapReason.UnknownSyscall => revert.Text == "MIPS64: unimplemented syscall",
        TrapReason.NoActiveThread => revert.Text == "MIPS64: post-state active thread stack is empty",
        TrapReason.PreimageOffsetOutOfRange => revert.Text == Verdict.NoPreimage,
        TrapReason.None => verdict.Refusal switch
        {
            ErrorCode.ProofRejected =>
                revert.Name is "InvalidMemoryProof" or "InvalidSecondMemoryProof"
                || revert.Text is Verdict.NoPreimage
                    or "MIPS64: invalid thread witness"
                    or "MIPS64: active thread stack is empty",
            ErrorCode.InvalidProof => revert.Name == "InvalidExitedValue",
            _ => false,
        },
        _ => false,
    };

    // Version 7 answers getrandom with 0 and writes nothing.
    public override bool NeighbourDiffers(StepWitness before) =>
        before.Idle is null && before.IsSyscall && before.Register(2) == Getrandom;

    // From opcode 0x20 on it reads before it knows whether such an instruction exists.
    public override ulong? AccessedAddress(StepWitness before)
    {
        if (before.IsSyscall)
        {
            return before.Register(5) & WordMask;
        }

        bool isAccess = before.Opcode is >= FirstMemoryOpcode or LoadDoubleLeft or LoadDoubleRight;
        return isAccess ? before.EffectiveAddress & WordMask : null;
    }

    // None without an instruction, else that of the instruction and those of its accesses, by the
    // specification's words.
    public override int ReadProofCount(StepWitness before)
    {
        if (before.Idle is not null)
        {
            return 0;
        }

        ulong first = before.Register(4);
        if (before.IsSyscall)
        {
            return 1 + before.Register(2) switch
            {
                Read when first == 5 => 1,
                5001 when first == 6 => 1,
                5194 when before.Register(5) == 128 => 1,
                5222 when first <= 1 => 2,
                Getrandom => 1,
                _ => 0,
            };
        }

        uint opcode = before.Opcode;
        bool isConditional = opcode is StoreConditional or StoreConditionalDoubleword;
        bool isAccess = opcode is >= FirstMemoryOpcode or LoadDoubleLeft or LoadDoubleRight;
        return isAccess && (!isConditional || HoldsReservation(before)) ? 2 : 1;
    }

    private static bool HoldsReservation(StepWitness before) =>
        before.Reservation[0] == (before.Opcode == StoreConditional ? 1 : 2)
        && before.ReservedAddress == before.EffectiveAddress
        && before.State.AsSpan(WitnessLayout.ReservationOwnerOffset, sizeof(ulong))
            .SequenceEqual(before.Proof.AsSpan(0, sizeof(ulong)));
}
