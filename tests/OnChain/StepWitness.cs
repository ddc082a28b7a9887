using System.Buffers.Binary;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Primitives;
using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>A witness and the data beside it, read and changed independently of the engine.</summary>
internal sealed class StepWitness
{
    private const ulong QuantumSteps = 100_000;
    private const byte Unfinished = 3;

    public StepWitness(WitnessLayout layout, ReadOnlySpan<byte> state, ReadOnlySpan<byte> proof)
    {
        Layout = layout;
        State = state.ToArray();
        Proof = proof.ToArray();
    }

    public StepWitness(WitnessLayout layout, StepCall call)
        : this(layout, call.StateData.Span, call.ProofData.Span)
    {
    }

    public StepWitness(WitnessLayout layout, StepProof proof)
        : this(layout, proof.StateData, proof.ProofData)
    {
    }

    public WitnessLayout Layout { get; }

    public byte[] State { get; }

    public byte[] Proof { get; }

    /// <summary>The call that puts it before the contract.</summary>
    public StepCall Call => new(State, Proof);

    public ulong Pc => Word(Processor, Layout.PcOffset);

    public ulong NextPc => Word(Processor, Layout.NextPcOffset);

    public ulong Heap => Word(State, Layout.HeapOffset);

    public byte Exited => State[Layout.ExitedOffset];

    public ulong ReservedAddress => Word(State, WitnessLayout.ReservedAddressOffset);

    public ReadOnlySpan<byte> PreimageKey =>
        State.AsSpan(WitnessLayout.PreimageKeyOffset, Bytes32.SizeBytes);

    public ulong PreimageOffset => Word(State, WitnessLayout.PreimageOffsetOffset);

    /// <summary>The instruction word in the first memory proof.</summary>
    public uint Instruction => BinaryPrimitives.ReadUInt32BigEndian(
        Proof.AsSpan(Layout.ThreadProofBytes + (int)(Pc & 28)));

    public bool IsSyscall => (Instruction & 0xFC00_003F) == 0x0C;

    /// <summary>The instruction's opcode: its upper 6 bits.</summary>
    public uint Opcode => Instruction >> 26;

    public int Rs => (int)(Instruction >> 21) & 31;

    public int Rt => (int)(Instruction >> 16) & 31;

    public int Rd => (int)(Instruction >> 11) & 31;

    /// <summary>Register rs and the instruction's offset.</summary>
    public ulong EffectiveAddress
    {
        get
        {
            ulong address = unchecked(Register(Rs) + (ulong)(short)Instruction);
            return Layout.WordBytes == sizeof(uint) ? (uint)address : address;
        }
    }

    /// <summary>Why the step executes no instruction; null when it does.</summary>
    public string? Idle => Exited != 0 ? "after the end"
        : !Layout.HasThreads ? null
        : Proof[WitnessLayout.ThreadExitedOffset] != 0 ? "pop"
        : Word64(State, WitnessLayout.StepsInTurnOffset) >= QuantumSteps ? "quantum"
        : null;

    /// <summary>What kind of step it is: "syscall 4003", "opcode 23", "pop".</summary>
    public string Class => Idle ?? (IsSyscall ? $"syscall {Register(2)}" : $"opcode {Opcode:x2}");

    /// <summary>What the step does, for messages.</summary>
    public string Description => (Idle
        ?? (IsSyscall
            ? $"syscall {Register(2)}(0x{Register(4):x}, 0x{Register(5):x}, 0x{Register(6):x})"
            : $"instruction 0x{Instruction:x8}")) + $" at 0x{Pc:x}"
        + (Layout.HasThreads ? $", reservation {Convert.ToHexStringLower(Reservation)}" : "");

    /// <summary>Status, address and owner of the reservation.</summary>
    public Span<byte> Reservation =>
        State.AsSpan(WitnessLayout.ReservationOffset, WitnessLayout.ReservationBytes);

    private byte[] Processor => Layout.HasThreads ? Proof : State;

    public ulong Register(int number) => Word(Processor, RegisterOffset(number));

    public StepWitness Copy() => new(Layout, State, Proof);

    public StepWitness WithStateByte(int offset, byte value)
    {
        State[offset] = value;
        return this;
    }

    public StepWitness WithPc(ulong value) => With(Processor, Layout.PcOffset, value);

    public StepWitness WithNextPc(ulong value) => With(Processor, Layout.NextPcOffset, value);

    public StepWitness WithHeap(ulong value) => With(State, Layout.HeapOffset, value);

    public StepWitness WithRegister(int number, ulong value) =>
        With(Processor, RegisterOffset(number), value);

    public StepWitness WithStep(ulong value) => WithWord64(Layout.StepOffset, value);

    public StepWitness WithStepsInTurn(ulong value) => WithWord64(WitnessLayout.StepsInTurnOffset, value);

    /// <summary>Moves the counters as an instruction does that changes nothing else.</summary>
    public StepWitness Advance()
    {
        ulong next = NextPc;
        WithPc(next).WithNextPc(unchecked(next + 4)).CountStep();
        return Layout.HasThreads
            ? WithStepsInTurn(Word64(State, WitnessLayout.StepsInTurnOffset) + 1)
            : this;
    }

    /// <summary>Moves the step counter.</summary>
    public StepWitness CountStep() => WithStep(unchecked(Word64(State, Layout.StepOffset) + 1));

    /// <summary>Brings the root of the active stack up to the thread's record.</summary>
    public StepWitness PutThreadBack()
    {
        byte[] pair = new byte[2 * Bytes32.SizeBytes];
        Proof.AsSpan(Layout.ThreadRecordBytes, Bytes32.SizeBytes).CopyTo(pair);
        Keccak256.Hash(Proof.AsSpan(0, Layout.ThreadRecordBytes), pair.AsSpan(Bytes32.SizeBytes));
        bool isRight = State[WitnessLayout.TraverseRightOffset] != 0;
        int offset = isRight ? WitnessLayout.RightStackOffset : WitnessLayout.LeftStackOffset;
        Keccak256.Hash(pair, State.AsSpan(offset, Bytes32.SizeBytes));
        return this;
    }

    /// <summary>The hash of the state, which has not exited.</summary>
    public Bytes32 RunningHash() => Hash(State, Unfinished);

    /// <summary>The hash of a witness with a status of its own.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> witness, byte status)
    {
        byte[] hash = new byte[Bytes32.SizeBytes];
        Keccak256.Hash(witness, hash);
        hash[0] = status;
        return new Bytes32(hash);
    }

    private static ulong Word64(byte[] bytes, int offset) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));

    private int RegisterOffset(int number) => Layout.RegistersOffset + (Layout.WordBytes * number);

    private ulong Word(byte[] bytes, int offset) => Layout.WordBytes == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset))
        : Word64(bytes, offset);

    private StepWitness WithWord64(int offset, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(State.AsSpan(offset), value);
        return this;
    }

    private StepWitness With(byte[] bytes, int offset, ulong value)
    {
        if (Layout.WordBytes == sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(offset), (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(offset), value);
        }

        return this;
    }
}
