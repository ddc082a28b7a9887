using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Local;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host;

/// <summary>
/// What the oracle contract recomputes a value from that is no hash's pre-image, out of the store of the run
/// that read it.
/// </summary>
internal static class PreimageEvidence
{
    /// <summary>
    /// Of a precompiled contract's answer the question; of a blob's element the commitment, the point and a
    /// proof, which is made by a process of its own; of all others nothing.
    /// </summary>
    /// <exception cref="ChainException">The proof cannot be made.</exception>
    /// <exception cref="CulverinException">The store does not have it.</exception>
    internal static async Task<byte[]> FindAsync(
        PreimageStore store, Bytes32 key, CancellationToken cancellation)
    {
        return OracleKey.TypeOf(key) switch
        {
            PreimageKeyType.Precompile => store.FindQuestion(key) ?? throw Missing(key),
            PreimageKeyType.Blob => await ProveAsync(store.FindBlob(key) ?? throw Missing(key), cancellation)
                .ConfigureAwait(false),
            _ => [],
        };
    }

    /// <summary>Commitment, point and proof of a blob's element.</summary>
    internal static async Task<byte[]> ProveAsync(
        (Blob Blob, int Place) element, CancellationToken cancellation)
    {
        using KzgProcess kzg = new(NodePackages.Locate());
        Bytes32 point = Blob.Points[element.Place];
        (byte[] proof, Bytes32 value) = await kzg
            .ProveAsync(element.Blob.Content, point, cancellation)
            .ConfigureAwait(false);
        return value.ToArray().AsSpan().SequenceEqual(element.Blob.Element(element.Place).Span)
            ? [.. element.Blob.Commitment.Span, .. point.ToArray(), .. proof]
            : throw new ChainException(
                ChainFailure.BadAnswer, $"The proof of a blob's element is about {value}, not its value.");
    }

    private static CulverinException Missing(Bytes32 key) => new(
        ErrorCode.PreimageMissing, $"What the oracle contract recomputes {key} from is not in the store.");
}
