using Culverin.Abi.Types;
using Culverin.Files;
using Culverin.Prove;

namespace Culverin.Native;

/// <summary>Proofs on their way in and out of the library.</summary>
internal static unsafe class NativeProof
{
    // SAFETY: buffers are pinned or on the stack during the call, and have the size that is told.
    private const int HashSizeBytes = 32;

    /// <summary>Takes a proof handle's content and frees it.</summary>
    public static StepProof Take(ProofHandle* proof)
    {
        try
        {
            ProofSummary summary;
            summary.StructSize = (nuint)sizeof(ProofSummary);
            NativeErrors.Require(NativeMethods.ProofDescribe(proof, &summary), proof);
            return new StepProof
            {
                Step = summary.Step,
                PreHash = new ReadOnlySpan<byte>(summary.PreHash, HashSizeBytes).ToArray(),
                PostHash = new ReadOnlySpan<byte>(summary.PostHash, HashSizeBytes).ToArray(),
                StateData = PartOf(proof, Part.StateData),
                ProofData = PartOf(proof, Part.ProofData),
                Oracle = summary.HasPreimage == 0
                    ? null
                    : new OracleData(
                        new ReadOnlySpan<byte>(summary.PreimageKey, HashSizeBytes).ToArray(),
                        PartOf(proof, Part.Preimage),
                        summary.PreimageOffset),
            };
        }
        finally
        {
            _ = NativeMethods.ProofFree(proof);
        }
    }

    /// <summary>Hands a proof in; the caller frees the handle.</summary>
    public static ProofHandle* Give(StepProof proof)
    {
        var json = new MemoryStream();
        ProofFile.Write(json, proof);
        ProofHandle* handle;
        fixed (byte* bytes = json.GetBuffer())
        {
            NativeErrors.Require(NativeMethods.ProofParse(&handle, bytes, (nuint)json.Length));
        }

        return handle;
    }

    private static byte[] PartOf(ProofHandle* proof, Part part)
    {
        nuint length;
        Status status = NativeMethods.ProofPart(proof, null, 0, &length, (int)part);
        if (status == Status.Ok)
        {
            return [];
        }

        byte[] content = new byte[length];
        fixed (byte* bytes = content)
        {
            NativeErrors.Require(
                NativeMethods.ProofPart(proof, bytes, (nuint)content.Length, &length, (int)part), proof);
        }

        return content;
    }
}
