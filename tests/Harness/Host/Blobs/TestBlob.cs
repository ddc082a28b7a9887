using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Host.Blobs;

/// <summary>A random blob with its commitment and proof, and transactions that carry it.</summary>
internal sealed record TestBlob(Blob Blob, byte[] Proof)
{
    private const int BlobType = 3;
    private const ulong FeeMax = 100_000_000_000;

    internal static async Task<TestBlob> MakeAsync(KzgProcess kzg, Random random)
    {
        byte[] content = new byte[Blob.SizeBytes];
        random.NextBytes(content);
        for (int place = 0; place < Blob.ElementCount; place++)
        {
            // Below the field's prime.
            content[place * Bytes32.SizeBytes] &= 0x3f;
        }

        byte[] commitment = await kzg.CommitAsync(content);
        Blob blob = new(content, commitment);
        return new TestBlob(blob, await kzg.ProveWholeAsync(blob));
    }

    /// <summary>A transaction with the blob, as nodes take it (EIP-4844, "Networking").</summary>
    internal byte[] Sign(PrivateKey key, ulong chainId, ulong nonce, Address to)
    {
        RlpItem[] body =
        [
            chainId, nonce, 1_000_000_000ul, FeeMax, 100_000ul, to, 0ul, Array.Empty<byte>(), RlpItem.List(),
            FeeMax, RlpItem.List(Blob.VersionedHash),
        ];
        Bytes32 hash = Bytes32.Keccak256([BlobType, .. RlpItem.List(body).Encode()]);
        EcdsaSignature signature = key.Sign(hash);
        RlpItem signed = RlpItem.List(
            [.. body, (ulong)signature.RecoveryId, signature.R.ToInteger(), signature.S.ToInteger()]);
        return
        [
            BlobType,
            .. RlpItem.List(
                signed,
                RlpItem.List(Blob.Content),
                RlpItem.List(Blob.Commitment),
                RlpItem.List(Proof)).Encode(),
        ];
    }
}
