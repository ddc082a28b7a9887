using System.Buffers.Binary;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host;

/// <summary>
/// What a run of the fault-proof program decides: the values that the dispute game gives it as local
/// pre-images 1 to 5, and where the agreed output root comes from.
/// </summary>
public sealed record DisputedClaim
{
    /// <summary>Hash of the newest L1 block when the game was created (local key 1).</summary>
    public required Bytes32 L1Head { get; init; }

    /// <summary>The output root that both sides take as right (local key 2).</summary>
    public required Bytes32 AgreedOutputRoot { get; init; }

    /// <summary>
    /// Hash of the L2 block that <see cref="AgreedOutputRoot"/> is about. The program does not get it; the
    /// host finds the output's parts by it.
    /// </summary>
    public required Bytes32 AgreedBlockHash { get; init; }

    /// <summary>The output root in dispute (local key 3).</summary>
    public required Bytes32 ClaimedOutputRoot { get; init; }

    /// <summary>Number of the L2 block that it is claimed for (local key 4).</summary>
    public required ulong ClaimedBlockNumber { get; init; }

    /// <summary>The L2's chain id (local key 5).</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The local pre-image of this number; null when there is none.</summary>
    public byte[]? FindLocal(ulong number) => number switch
    {
        1 => L1Head.ToArray(),
        2 => AgreedOutputRoot.ToArray(),
        3 => ClaimedOutputRoot.ToArray(),
        4 => BigEndian(ClaimedBlockNumber),
        5 => BigEndian(ChainId),
        _ => null,
    };

    /// <summary>The local pre-image of a key; null when there is none.</summary>
    internal byte[]? FindLocal(ReadOnlySpan<byte> key) =>
        OracleKey.TypeOf(new Bytes32(key)) == PreimageKeyType.Local
        && key[1..^sizeof(ulong)].IndexOfAnyExcept((byte)0) < 0
            ? FindLocal(BinaryPrimitives.ReadUInt64BigEndian(key[^sizeof(ulong)..]))
            : null;

    private static byte[] BigEndian(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
