using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Inspect.Explain;

/// <summary>A part of what a contract is given for a step.</summary>
/// <param name="What">What it is.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Address">The word of memory that it proves; null for other parts.</param>
internal sealed record ProofPart(string What, int SizeBytes, ulong? Address)
{
    /// <summary>The parts of a step's proof in the order of its bytes; none without a proof.</summary>
    public static IReadOnlyList<ProofPart> Of(StepExplanation step)
    {
        if (step.Proof is not { } proof)
        {
            return [];
        }

        List<ProofPart> parts = [new("state witness", proof.StateData.Length, null)];
        if (step.Features.HasThreads)
        {
            parts.Add(new("record of the active thread", ThreadRecord.SizeBytes(step.Features), null));
            parts.Add(new("root of its stack without it", Keccak256.DigestSizeBytes, null));
        }

        int size = step.Features.MemoryProofSizeBytes;
        parts.Add(new("memory proof of the instruction", size, step.Before.ProgramCounter));
        for (int number = 1; number < step.Features.MemoryProofCount; number++)
        {
            MemoryAccess? access = number <= step.Memory.Count ? step.Memory[number - 1] : null;
            parts.Add(new(
                access is null ? "place of a memory proof, not used" : "memory proof of the access",
                size,
                access?.Address));
        }

        if (proof.Oracle is { } oracle)
        {
            parts.Add(new("pre-image with its length, to be loaded before", oracle.Value.Length, null));
        }

        return parts;
    }
}
