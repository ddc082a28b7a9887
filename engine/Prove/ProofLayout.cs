using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Prove;

/// <summary>
/// Where things are in a step's proof data (VM-SPEC section 9): in multithreaded versions the active thread's
/// record and the root of its stack without it, then the memory proofs: of the instruction, of the access,
/// and in multithreaded versions of a second access.
/// </summary>
internal static class ProofLayout
{
    /// <summary>Bytes before the memory proofs.</summary>
    public static int ThreadProofSizeBytes(FeatureSet features) =>
        features.HasThreads ? ThreadRecord.SizeBytes(features) + Keccak256.DigestSizeBytes : 0;

    /// <summary>Bytes of the whole.</summary>
    public static int SizeBytes(FeatureSet features) =>
        ThreadProofSizeBytes(features) + (features.MemoryProofCount * features.MemoryProofSizeBytes);
}
