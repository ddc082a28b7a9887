using System.Numerics;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host.Blobs;

/// <summary>
/// Gets blobs from a beacon node and checks them: that the commitment has the versioned hash, and that the
/// blob is the one committed to. Where the node gives a proof, L1 verifies it (the precompiled contract
/// 0x0a); where it gives blobs alone, as newer ones do, the commitment is computed here.
/// </summary>
public sealed class BlobFetcher
{
    private static readonly Address PointEvaluation =
        Address.Parse("0x000000000000000000000000000000000000000a");

    // What a call costs at most before it reaches the contract, and the contract itself.
    private const ulong PointEvaluationGas = 200_000;

    // What 0x0a returns when a proof is right: the number of elements and the field's prime (EIP-4844).
    private static readonly byte[] IsProven =
        [.. Bytes32.FromInteger(Blob.ElementCount).ToArray(), .. Bytes32.FromInteger(Blob.Modulus).ToArray()];

    private readonly BeaconNode _beacon;
    private readonly EthereumNode _l1;
    private readonly KzgProcess? _kzg;
    private readonly bool _isByBlockNumber;

    /// <summary>Uses a beacon node and an L1 node, which stay the caller's.</summary>
    /// <param name="beacon">Where blobs come from.</param>
    /// <param name="l1">Verifies proofs.</param>
    /// <param name="kzg">Computes commitments; null where that cannot be done.</param>
    /// <param name="isByBlockNumber">
    /// The beacon node knows blocks by the numbers of L1's blocks, not by slots: anvil does.
    /// </param>
    public BlobFetcher(BeaconNode beacon, EthereumNode l1, KzgProcess? kzg, bool isByBlockNumber = false)
    {
        _beacon = beacon;
        _l1 = l1;
        _kzg = kzg;
        _isByBlockNumber = isByBlockNumber;
    }

    /// <summary>Gets one blob.</summary>
    /// <param name="versionedHash">Its versioned hash.</param>
    /// <param name="index">Its place among the block's blobs, where it is known.</param>
    /// <param name="time">Its block's timestamp in seconds.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <exception cref="ChainException">The node fails, lies or does not have it.</exception>
    internal async Task<Blob> FetchAsync(
        Bytes32 versionedHash, ulong? index, ulong time, CancellationToken cancellation)
    {
        ulong block = _isByBlockNumber
            ? await NumberAtAsync(time, cancellation).ConfigureAwait(false)
            : await _beacon.SlotAtAsync(time, cancellation).ConfigureAwait(false);
        IReadOnlyList<BlobSidecar>? sidecars = index is { } place
            ? await _beacon.FindSidecarsAsync(block, place, cancellation).ConfigureAwait(false)
            : null;
        foreach (BlobSidecar each in sidecars ?? [])
        {
            if (each.Commitment.Length == Blob.CommitmentBytes
                && Blob.VersionedHashOf(each.Commitment.Span) == versionedHash)
            {
                return await VerifyAsync(each, cancellation).ConfigureAwait(false);
            }
        }

        IReadOnlyList<byte[]>? contents = await _beacon
            .FindBlobsAsync(block, versionedHash, cancellation)
            .ConfigureAwait(false);
        foreach (byte[] content in contents ?? [])
        {
            Blob blob = await CommitAsync(content, cancellation).ConfigureAwait(false);
            if (blob.VersionedHash == versionedHash)
            {
                return blob;
            }
        }

        throw new ChainException(
            ChainFailure.BadAnswer, $"The beacon node has no blob {versionedHash} at block {block}.");
    }

    private async Task<Blob> CommitAsync(byte[] content, CancellationToken cancellation)
    {
        if (_kzg is null)
        {
            throw new ChainException(
                ChainFailure.NodeStart,
                "The beacon node gives blobs without proofs; to check them, Node.js and the npm packages of "
                    + $"harness/contracts must be there ({NodePackages.FolderVariable} names their folder).");
        }

        byte[] commitment = await _kzg.CommitAsync(content, cancellation).ConfigureAwait(false);
        return new Blob(content, commitment);
    }

    private async Task<Blob> VerifyAsync(BlobSidecar sidecar, CancellationToken cancellation)
    {
        Blob blob = new(sidecar.Content.Span, sidecar.Commitment.Span);
        BigInteger point = blob.Challenge();
        byte[] question =
        [
            .. blob.VersionedHash.ToArray(),
            .. Bytes32.FromInteger(point).ToArray(),
            .. Bytes32.FromInteger(blob.Evaluate(point)).ToArray(),
            .. sidecar.Commitment.Span,
            .. sidecar.Proof.Span,
        ];
        CallOutcome outcome = await _l1
            .CallPrecompileAsync(PointEvaluation, question, PointEvaluationGas, cancellation)
            .ConfigureAwait(false);
        return !outcome.IsReverted && outcome.Data.Span.SequenceEqual(IsProven)
            ? blob
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The beacon node's blob {blob.VersionedHash} is not the one that is committed to.");
    }

    // The block of L1 with a timestamp.
    private async Task<ulong> NumberAtAsync(ulong time, CancellationToken cancellation)
    {
        ulong first = 0;
        ulong last = await _l1.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        while (first < last)
        {
            ulong middle = first + ((last - first) / 2);
            Block block = await _l1.GetBlockAsync(middle, cancellation).ConfigureAwait(false);
            if (block.Timestamp < time)
            {
                first = middle + 1;
            }
            else
            {
                last = middle;
            }
        }

        return first;
    }
}
