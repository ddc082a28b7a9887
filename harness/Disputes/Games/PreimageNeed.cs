using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Disputes.Games;

/// <summary>A part of a pre-image that the oracle must hold before a step can be executed.</summary>
/// <param name="Key">The key as the program asked for it: local keys hold their number.</param>
/// <param name="Value">The pre-image with its 8-byte big-endian length in front.</param>
/// <param name="Offset">First byte of <paramref name="Value"/> that the step reads.</param>
public sealed record PreimageNeed(Bytes32 Key, ReadOnlyMemory<byte> Value, ulong Offset)
{
    /// <summary>
    /// What the oracle contract recomputes the value from: see <see cref="PreimagePart.Evidence"/>. Empty
    /// for keys that are hashes of the value, and for local ones.
    /// </summary>
    public ReadOnlyMemory<byte> Evidence { get; init; }

    /// <summary>Whether the game itself must load it, by <c>addLocalData</c>.</summary>
    public bool IsLocal => OracleKey.TypeOf(Key) == PreimageKeyType.Local;

    /// <summary>The number of a local pre-image; null for all others.</summary>
    public UInt128? LocalNumber => IsLocal
        ? (UInt128)(Key.ToInteger() & UInt128.MaxValue)
        : null;
}
