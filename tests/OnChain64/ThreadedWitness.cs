using System;
using System.Buffers.Binary;
using Culverin.Harness.Chain;
using Culverin.Primitives;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// A witness of 188 bytes and the thread record in front of its proofs, read and changed independently of
/// the engine.
/// </summary>
internal sealed class ThreadedWitness
{
    public const int SizeBytes = 188;
    public const int PreimageKeyOffset = 32;
    public const int PreimageOffsetOffset = 64;
    public const int ReservationOffset = 80;
    public const int ReservedAddressOffset = 81;
    public const int ReservationOwnerOffset = 89;
    public const int ExitedOffset = 98;
    public const int StepOffset = 99;
    public const int StepsInTurnOffset = 107;
    public const int TraverseRightOffset = 115;
    public const int LeftStackOffset = 116;
    public const int RightStackOffset = 148;

    public const int ThreadExitedOffset = 9;
    public const int PcOffset = 10;
    public const int NextPcOffset = 18;
    public const int RegistersOffset = 42;
    public const int ThreadRecordBytes = 298;
    public const int ThreadProofBytes = ThreadRecordBytes + Bytes32.SizeBytes;
    public const int MemoryProofBytes = 60 * Bytes32.SizeBytes;
    public const int ProofBytes = ThreadProofBytes + (3 * MemoryProofBytes);

    private const ulong QuantumSteps = 100_000;

    public ThreadedWitness(ReadOnlySpan<byte> state, ReadOnlySpan<byte> proof)
    {
        State = state.ToArray();
        Proof = proof.ToArray();
    }

    public byte[] State { get; }

    public byte[] Proof { get; }

    public ulong Pc => Word(Proof, PcOffset);

    public ulong ReservedAddress => Word(State, ReservedAddressOffset);

    /// <summary>The instruction word in the first memory proof.</summary>
    public uint Instruction => BinaryPrimitives.ReadUInt32BigEndian(
        Proof.AsSpan(ThreadProofBytes + (int)(Pc & 28)));

    public bool IsSyscall => (Instruction & 0xFC00_003F) == 0x0C;

    /// <summary>Why the step executes no instruction; null when it does.</summary>
    public string? Idle => State[ExitedOffset] != 0 ? "after the end"
        : Proof[ThreadExitedOffset] != 0 ? "pop"
        : Word(State, StepsInTurnOffset) >= QuantumSteps ? "quantum"
        : null;

    /// <summary>What the step does, for messages.</summary>
    public string Description => Idle
        ?? (IsSyscall
            ? $"syscall {Register(2)}(0x{Register(4):x}, 0x{Register(5):x}, 0x{Register(6):x})"
            : $"instruction 0x{Instruction:x8}") + $" at 0x{Pc:x}, reservation "
                + Convert.ToHexStringLower(State.AsSpan(ReservationOffset, 17));

    public ulong Register(int number) => Word(Proof, RegistersOffset + (8 * number));

    public ThreadedWitness Copy() => new(State, Proof);

    public ThreadedWitness WithStateByte(int offset, byte value)
    {
        State[offset] = value;
        return this;
    }

    public ThreadedWitness WithStateWord(int offset, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(State.AsSpan(offset), value);
        return this;
    }

    public ThreadedWitness WithRegister(int number, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Proof.AsSpan(RegistersOffset + (8 * number)), value);
        return this;
    }

    /// <summary>Moves the counters as an instruction does that changes nothing else.</summary>
    public ThreadedWitness Advance()
    {
        ulong next = Word(Proof, NextPcOffset);
        BinaryPrimitives.WriteUInt64BigEndian(Proof.AsSpan(PcOffset), next);
        BinaryPrimitives.WriteUInt64BigEndian(Proof.AsSpan(NextPcOffset), unchecked(next + 4));
        return CountStep().WithStateWord(StepsInTurnOffset, Word(State, StepsInTurnOffset) + 1);
    }

    /// <summary>Moves the step counter.</summary>
    public ThreadedWitness CountStep() =>
        WithStateWord(StepOffset, unchecked(Word(State, StepOffset) + 1));

    /// <summary>Brings the root of the active stack up to the thread record.</summary>
    public ThreadedWitness PutThreadBack()
    {
        byte[] pair = new byte[2 * Bytes32.SizeBytes];
        Proof.AsSpan(ThreadRecordBytes, Bytes32.SizeBytes).CopyTo(pair);
        Keccak256.Hash(Proof.AsSpan(0, ThreadRecordBytes), pair.AsSpan(Bytes32.SizeBytes));
        bool isRight = State[TraverseRightOffset] != 0;
        Keccak256.Hash(
            pair, State.AsSpan(isRight ? RightStackOffset : LeftStackOffset, Bytes32.SizeBytes));
        return this;
    }

    /// <summary>The hash of the state, which has not exited.</summary>
    public Bytes32 RunningHash()
    {
        byte[] hash = new byte[Bytes32.SizeBytes];
        Keccak256.Hash(State, hash);
        hash[0] = 3;
        return new Bytes32(hash);
    }

    private static ulong Word(byte[] bytes, int offset) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));
}
