using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>
/// What a step reads from the pre-image oracle, as a step proof names it: the key, the value with its
/// length prefix (8 bytes, big-endian) in front, and the offset of the read, which counts the prefix.
/// </summary>
public sealed record PreimagePart(Bytes32 Key, ReadOnlyMemory<byte> Value, uint Offset)
{
    /// <summary>
    /// The local context of a local key: the same that the step is called with. Else without meaning.
    /// </summary>
    public Bytes32 LocalContext { get; init; }

    /// <summary>
    /// What the contract needs beyond the value to recompute the result behind the key. Precompile keys:
    /// the precompile's address (20 bytes), in the modern arena the gas it needs (8 bytes, big-endian), then
    /// its input. Blob keys: commitment (48 bytes), point z (32 bytes) and KZG proof (48 bytes). Other keys:
    /// nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Evidence { get; init; }
}
