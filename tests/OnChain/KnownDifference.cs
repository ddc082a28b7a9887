using System;
using System.Buffers.Binary;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests;
using Culverin.Primitives;

namespace Culverin.OnChain.Tests;

/// <summary>
/// A step on which the deployed contract (MIPS 1.0.1) and the reference's version 0, which the engine
/// follows, disagree. Both answers are worked out here, by rules of their own, from the witness: a test can
/// so hold each side to exactly what it must say, and any further difference is an error.
/// </summary>
/// <param name="Kind">Which of the differences.</param>
/// <param name="EngineHash">What the engine must say; null when it must refuse the state.</param>
/// <param name="ContractHash">What the contract must say.</param>
internal sealed record KnownDifference(DifferenceKind Kind, Bytes32? EngineHash, Bytes32 ContractHash)
{
    private const uint MmapNumber = 4090;
    private const uint HeapEnd = 0x6000_0000;
    private const uint InvalidArgument = 0x16;
    private const byte Unfinished = 3;

    /// <summary>
    /// Finds the difference that a step is, if its proofs fit and it does not panic; null for all others.
    /// </summary>
    /// <param name="state">The state before the step.</param>
    /// <param name="instruction">The instruction word at its program counter.</param>
    public static KnownDifference? Find(MachineWitness state, uint instruction)
    {
        byte exited = state.Bytes[MachineWitness.ExitedOffset];
        if (exited > 1)
        {
            return new KnownDifference(DifferenceKind.ExitedByte, null, Hash(state, Unfinished));
        }

        if (exited == 1 || (state.Pc & 3) != 0)
        {
            return null;
        }

        return InstructionWord.IsSrav(instruction) ? Srav(state, instruction)
            : InstructionWord.IsSyscall(instruction) ? Mmap(state)
            : null;
    }

    /// <summary>The hash of a state that has not exited.</summary>
    public static Bytes32 RunningHash(MachineWitness state) => Hash(state, Unfinished);

    /// <summary>A copy of a state after an instruction that changes nothing else.</summary>
    public static MachineWitness Advance(MachineWitness state)
    {
        uint next = MachineWitness.ReadWord(state.Bytes, MachineWitness.NextPcOffset);
        MachineWitness after = state.Copy()
            .With(MachineWitness.PcOffset, next)
            .With(MachineWitness.NextPcOffset, unchecked(next + 4));
        ulong step = BinaryPrimitives.ReadUInt64BigEndian(state.Bytes.AsSpan(MachineWitness.StepOffset));
        BinaryPrimitives.WriteUInt64BigEndian(
            after.Bytes.AsSpan(MachineWitness.StepOffset), unchecked(step + 1));
        return after;
    }

    // The contract shifts by the whole register, and a shift by 32 or more leaves 0.
    private static KnownDifference? Srav(MachineWitness state, uint instruction)
    {
        uint amount = state.Register(InstructionWord.Rs(instruction));
        int target = InstructionWord.Rd(instruction);
        uint masked = (uint)((int)state.Register(InstructionWord.Rt(instruction)) >> (int)(amount & 31));
        return amount < 32 || target == 0 || masked == 0
            ? null
            : new KnownDifference(
                DifferenceKind.SravAmount,
                RunningHash(Advance(state).WithRegister(target, masked)),
                RunningHash(Advance(state).WithRegister(target, 0)));
    }

    // The contract knows no end of the heap, and lets both the rounded size and the sum wrap.
    private static KnownDifference? Mmap(MachineWitness state)
    {
        uint size = state.Register(5);
        uint start = MachineWitness.ReadWord(state.Bytes, MachineWitness.HeapOffset);
        uint rounded = unchecked((size + 4095) / 4096 * 4096);
        ulong exactEnd = start + (((ulong)size + 4095) / 4096 * 4096);
        return state.Register(2) != MmapNumber || state.Register(4) != 0 || exactEnd <= HeapEnd
            ? null
            : new KnownDifference(
                DifferenceKind.MmapEnd,
                RunningHash(Advance(state).WithRegister(2, uint.MaxValue).WithRegister(7, InvalidArgument)),
                RunningHash(Advance(state)
                    .With(MachineWitness.HeapOffset, unchecked(start + rounded))
                    .WithRegister(2, start)
                    .WithRegister(7, 0)));
    }

    private static Bytes32 Hash(MachineWitness state, byte status)
    {
        byte[] hash = new byte[Bytes32.SizeBytes];
        Keccak256.Hash(state.Bytes, hash);
        hash[0] = status;
        return new Bytes32(hash);
    }
}
