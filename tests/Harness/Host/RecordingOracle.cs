using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// Notes what a program asks for by Keccak-256, and answers one key with nothing. What a host fetched ahead
/// and the program never reads is not among it.
/// </summary>
internal sealed class RecordingOracle(IPreimageOracle inner, Bytes32? changed = null) : IPreimageOracle
{
    /// <summary>How often it was asked.</summary>
    internal int Count { get; private set; }

    /// <summary>What it was asked for.</summary>
    internal HashSet<Bytes32> Keys { get; } = [];

    /// <summary>The names of these in a folder of pre-images, in order.</summary>
    internal string[] FileNames => [.. Keys.Select(key => key.ToString()[2..]).Order(StringComparer.Ordinal)];

    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        Bytes32 name = new(key);
        if (OracleKey.TypeOf(name) == PreimageKeyType.Keccak256)
        {
            Count++;
            _ = Keys.Add(name);
        }

        return name == changed ? [] : inner.GetPreimage(key);
    }

    public void Hint(ReadOnlySpan<byte> payload) => inner.Hint(payload);

    public void Shutdown() => inner.Shutdown();

    public void Dispose() => inner.Dispose();
}
