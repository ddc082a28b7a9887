using Culverin.Files;
using Culverin.Prove;

namespace Culverin.Abi;

/// <summary>A proof as the bytes of its file.</summary>
internal static class ProofText
{
    /// <summary>Writes it.</summary>
    public static byte[] Of(StepProof proof)
    {
        var bytes = new MemoryStream();
        ProofFile.Write(bytes, proof);
        return bytes.ToArray();
    }
}
