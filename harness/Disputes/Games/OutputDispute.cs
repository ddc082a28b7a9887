using System.Buffers.Binary;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// What a game below the split is about: whether one output root follows from another.
/// </summary>
/// <param name="Starting">The output root before, which both sides have agreed on.</param>
/// <param name="StartingPosition">
/// Where it was claimed; null when it is the one that the game began with.
/// </param>
/// <param name="Disputed">The output root in dispute.</param>
/// <param name="DisputedPosition">Where that is claimed.</param>
public sealed record OutputDispute(
    Bytes32 Starting, Position? StartingPosition, Bytes32 Disputed, Position DisputedPosition)
{
    /// <summary>
    /// The context under which the pre-image oracle keeps the local data of this dispute: a hash of the
    /// claims and positions.
    /// </summary>
    public Bytes32 LocalContext()
    {
        Span<byte> words = stackalloc byte[4 * Bytes32.SizeBytes];
        words.Clear();
        int length = 0;
        if (StartingPosition is { } position)
        {
            Write(words, ref length, Starting, position);
        }

        Write(words, ref length, Disputed, DisputedPosition);
        return Bytes32.Keccak256(words[..length]);
    }

    private static void Write(Span<byte> words, ref int length, Bytes32 claim, Position position)
    {
        claim.CopyTo(words[length..]);
        length += 2 * Bytes32.SizeBytes;
        BinaryPrimitives.WriteUInt128BigEndian(words[(length - 16)..], position.GeneralizedIndex);
    }
}
