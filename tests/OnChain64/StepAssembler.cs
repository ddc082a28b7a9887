using System;
using Culverin.Commit;
using Culverin.Harness.Arenas;
using Culverin.State;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Puts witness and proofs of a step together that the prover refuses, since it panics: from the memory
/// before it, with a proof of the word that the contract would read.
/// </summary>
internal static class StepAssembler
{
    private const uint FirstMemoryOpcode = 0x20;
    private const uint LoadDoubleLeft = 0x1A;
    private const uint LoadDoubleRight = 0x1B;
    private const ulong WordMask = ~7UL;

    public static StepCall Assemble(MachineImage<ulong> image)
    {
        using PageTree tree = new(image.Memory);
        MachineState<ulong> state = image.State;
        byte[] witness = Witness.Of(state, tree.Root());
        byte[] proof = new byte[ThreadedWitness.ProofBytes];
        ThreadRecord.Write(state.Threads!.Active, image.Features, proof);
        state.Threads.ActiveStack.Root(image.Features, without: 1)
            .CopyTo(proof, ThreadedWitness.ThreadRecordBytes);
        ThreadedWitness read = new(witness, proof);
        Span<byte> proofs = proof.AsSpan(ThreadedWitness.ThreadProofBytes);
        tree.Prove(read.Pc, proofs[..ThreadedWitness.MemoryProofBytes]);
        read = new ThreadedWitness(witness, proof);
        tree.Prove(
            AccessedAddress(read),
            proofs.Slice(ThreadedWitness.MemoryProofBytes, ThreadedWitness.MemoryProofBytes));
        return new StepCall(witness, proof);
    }

    // From opcode 0x20 on the contract reads before it knows whether such an instruction exists.
    private static ulong AccessedAddress(ThreadedWitness state)
    {
        uint word = state.Instruction;
        uint opcode = word >> 26;
        if (state.IsSyscall)
        {
            return state.Register(5) & WordMask;
        }

        bool isAccess = opcode is >= FirstMemoryOpcode or LoadDoubleLeft or LoadDoubleRight;
        ulong address = unchecked(state.Register((int)(word >> 21) & 31) + (ulong)(short)word);
        return isAccess ? address & WordMask : 0;
    }
}
