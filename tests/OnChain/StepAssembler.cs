using Culverin.Commit;
using Culverin.Harness.Arenas.Steps;
using Culverin.State;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Puts witness and proofs of a step together that the prover refuses, since it panics: from the memory
/// before it, with a proof of the word that the contract would read.
/// </summary>
internal static class StepAssembler
{
    public static StepCall Assemble(DeployedContract contract, MachineImage image)
    {
        WitnessLayout layout = contract.Layout;
        using PageTree tree = new(image.Memory);
        byte[] witness = image is MachineImage<uint> narrow
            ? Witness.Of(narrow.State, tree.Root())
            : Witness.Of(((MachineImage<ulong>)image).State, tree.Root());
        byte[] proof = new byte[layout.ProofBytes];
        if (image.Threads() is { } threads)
        {
            ThreadRecord.Write(threads.Active, image.Features, proof);
            threads.ActiveStack.Root(image.Features, without: 1).CopyTo(proof, layout.ThreadRecordBytes);
        }

        Span<byte> proofs = proof.AsSpan(layout.ThreadProofBytes);
        tree.Prove(image.ProgramCounter, proofs[..layout.MemoryProofBytes]);
        if (contract.AccessedAddress(new StepWitness(layout, witness, proof)) is { } address)
        {
            tree.Prove(address, proofs.Slice(layout.MemoryProofBytes, layout.MemoryProofBytes));
        }

        return new StepCall(witness, proof);
    }
}
