namespace Culverin.Harness.Host.Blobs;

/// <summary>A blob as a beacon node gives it: nothing in it is checked.</summary>
/// <param name="Content">The blob.</param>
/// <param name="Commitment">Its commitment.</param>
/// <param name="Proof">The proof that belongs to both.</param>
internal sealed record BlobSidecar(
    ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Commitment, ReadOnlyMemory<byte> Proof);
