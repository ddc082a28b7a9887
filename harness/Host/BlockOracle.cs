using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host;

/// <summary>
/// Serves a block's pre-images, and the answers of precompiled contracts as they are hinted at.
/// </summary>
internal sealed class BlockOracle : IPreimageOracle
{
    private readonly BlockFile _file;
    private readonly PrecompileAnswers _precompiles;
    private readonly Dictionary<Bytes32, byte[]> _answers = [];

    /// <summary>Serves a file.</summary>
    public BlockOracle(BlockFile file, PrecompileAnswers precompiles)
    {
        _file = file;
        _precompiles = precompiles;
    }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        Bytes32 name = new(key);
        return _file.Preimages.TryGetValue(name, out byte[]? value) || _answers.TryGetValue(name, out value)
            ? [.. value]
            : throw new CulverinException(
                ErrorCode.PreimageMissing, $"The block's file has no pre-image {name}.");
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        if (_precompiles.AnswerAsync(payload.ToArray()).GetAwaiter().GetResult() is { } answer)
        {
            _answers[answer.Key] = answer.Value;
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
