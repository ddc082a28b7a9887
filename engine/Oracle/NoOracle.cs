namespace Culverin.Oracle;

/// <summary>
/// Stands in when no pre-image source was given: hints are dropped, every request fails with
/// <see cref="ErrorCode.PreimageMissing"/>. Has no state; one instance serves everybody.
/// </summary>
internal sealed class NoOracle : IPreimageOracle
{
    private NoOracle()
    {
    }

    /// <summary>The only instance.</summary>
    public static NoOracle Instance { get; } = new();

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        PreimageKey.Require(key);
        throw new CulverinException(ErrorCode.PreimageMissing,
            $"The guest asked for the pre-image of {PreimageKey.Text(key)}, "
            + "but no pre-image server was given.");
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
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
