using Culverin.Harness.Values;


namespace Culverin.OnChain.Tests;

/// <summary>
/// Where the fields of a witness lie and of the data beside it: offsets and sizes in bytes, written down from
/// the specification and not from the engine (VM-SPEC sections 2 and 3).
/// </summary>
internal sealed record WitnessLayout
{
    public const int PreimageKeyOffset = 32;
    public const int PreimageOffsetOffset = 64;
    public const int RegisterCount = 32;

    // Of the thread's record, which lies before the memory proofs.
    public const int ThreadExitedOffset = 9;

    // Of the witness with threads.
    public const int ReservationOffset = 80;
    public const int ReservationBytes = 17;
    public const int ReservedAddressOffset = 81;
    public const int ReservationOwnerOffset = 89;
    public const int StepsInTurnOffset = 107;
    public const int TraverseRightOffset = 115;
    public const int LeftStackOffset = 116;
    public const int RightStackOffset = 148;

    /// <summary>The single-threaded machine with 32-bit words: the witness holds the registers.</summary>
    public static WitnessLayout Mips { get; } = new()
    {
        SizeBytes = 226,
        WordBytes = 4,
        HeapOffset = 84,
        ExitCodeOffset = 88,
        ExitedOffset = 89,
        StepOffset = 90,
        PcOffset = 68,
        NextPcOffset = 72,
        RegistersOffset = 98,
        ThreadRecordBytes = 0,
        MemoryProofBytes = 28 * Bytes32.SizeBytes,
        MemoryProofCount = 2,
    };

    /// <summary>64-bit words and threads: the registers are in the thread's record.</summary>
    public static WitnessLayout Mips64 { get; } = new()
    {
        SizeBytes = 188,
        WordBytes = 8,
        HeapOffset = 72,
        ExitCodeOffset = 97,
        ExitedOffset = 98,
        StepOffset = 99,
        PcOffset = 10,
        NextPcOffset = 18,
        RegistersOffset = 42,
        ThreadRecordBytes = 298,
        MemoryProofBytes = 60 * Bytes32.SizeBytes,
        MemoryProofCount = 3,
    };

    /// <summary>The witness.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>A word of the machine.</summary>
    public required int WordBytes { get; init; }

    public required int HeapOffset { get; init; }

    public required int ExitCodeOffset { get; init; }

    public required int ExitedOffset { get; init; }

    public required int StepOffset { get; init; }

    /// <summary>Like the next two in the thread's record where there are threads, else here.</summary>
    public required int PcOffset { get; init; }

    public required int NextPcOffset { get; init; }

    public required int RegistersOffset { get; init; }

    /// <summary>The record of the thread that runs; 0 without threads.</summary>
    public required int ThreadRecordBytes { get; init; }

    public required int MemoryProofBytes { get; init; }

    public required int MemoryProofCount { get; init; }

    public bool HasThreads => ThreadRecordBytes > 0;

    /// <summary>The thread's record and the root of the stack below it.</summary>
    public int ThreadProofBytes => HasThreads ? ThreadRecordBytes + Bytes32.SizeBytes : 0;

    /// <summary>All the data beside the witness.</summary>
    public int ProofBytes => ThreadProofBytes + (MemoryProofCount * MemoryProofBytes);
}
