using System.Numerics;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>
/// A part of a pre-image as an oracle holds it. Not all that is there is right: a proposal of a large
/// pre-image that nobody challenged brings any bytes under any key; and in version 1.0.0 of the contract one
/// may be begun again with another offset and size after its data have come, or be taken unfinished, without
/// any time to challenge it.
/// </summary>
/// <param name="IsPresent">Whether there is one.</param>
/// <param name="DataBytes">The stated size of the whole data, without the length in front.</param>
/// <param name="Part">32 bytes; those behind the data's end mean nothing.</param>
internal sealed record StoredPart(bool IsPresent, BigInteger DataBytes, Bytes32 Part)
{
    /// <summary>Reads it at the newest block; throws <see cref="ChainException"/>.</summary>
    internal static async Task<StoredPart> ReadAsync(
        Contract oracle, Bytes32 key, ulong offset, CancellationToken cancellation)
    {
        CallBatch batch = new(oracle.Node, BlockReference.Latest);
        BatchAnswer<PreimageOracle.PreimagePartOkResult> isPresent = batch.Add(
            oracle, new PreimageOracle.PreimagePartOkFunction { Item1 = key, Item2 = offset });
        BatchAnswer<PreimageOracle.PreimageLengthsResult> dataBytes = batch.Add(
            oracle, new PreimageOracle.PreimageLengthsFunction { Value = key });
        BatchAnswer<PreimageOracle.PreimagePartsResult> part = batch.Add(
            oracle, new PreimageOracle.PreimagePartsFunction { Item1 = key, Item2 = offset });
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return new StoredPart(
            isPresent.Require().Value, dataBytes.Require().Value, part.Require().Value);
    }

    /// <summary>Whether a step that reads it gets what it needs.</summary>
    internal bool Holds(PreimageNeed need)
    {
        if (!IsPresent || DataBytes != need.Value.Length - OracleKey.PrefixBytes)
        {
            return false;
        }

        // A local part may lie at the very end, where nothing is left to read.
        ReadOnlySpan<byte> wanted = need.Value.Span;
        wanted = wanted[(int)ulong.Min(need.Offset, (ulong)wanted.Length)..];
        wanted = wanted[..int.Min(wanted.Length, Bytes32.SizeBytes)];
        return Part.ToArray().AsSpan(0, wanted.Length).SequenceEqual(wanted);
    }
}
