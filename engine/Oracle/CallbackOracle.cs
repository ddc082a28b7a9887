namespace Culverin.Oracle;

/// <summary>
/// Asks the embedding program for pre-images. The callbacks run on the thread that runs the guest, and may
/// not call back into the same machine.
/// </summary>
/// <remarks>
/// What a callback throws is foreign to the engine, so it is wrapped:
/// <see cref="OperationCanceledException"/> becomes <see cref="ErrorCode.Cancelled"/>, anything else but a
/// <see cref="CulverinException"/> becomes <see cref="ErrorCode.PreimageServer"/> with the original as its
/// cause.
/// </remarks>
internal sealed class CallbackOracle : IPreimageOracle
{
    private readonly Func<ReadOnlySpan<byte>, byte[]?> _getPreimage;
    private readonly Action<ReadOnlySpan<byte>>? _hint;
    private readonly OracleOptions _options;

    /// <summary>
    /// Makes an oracle from two callbacks: <paramref name="getPreimage"/> receives a 32-byte key and returns
    /// the bytes without length prefix, or null when it does not have them; <paramref name="hint"/> receives
    /// a hint without its length, and may be left out.
    /// </summary>
    public CallbackOracle(
        Func<ReadOnlySpan<byte>, byte[]?> getPreimage,
        Action<ReadOnlySpan<byte>>? hint = null,
        OracleOptions? options = null)
    {
        _getPreimage = getPreimage ?? throw new CulverinException(
            ErrorCode.InvalidArgument, "A callback oracle needs a function that returns pre-images.");
        _hint = hint;
        _options = options ?? OracleOptions.Default;
        _options.Validate();
    }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        PreimageKey.Require(key);
        byte[]? value;
        try
        {
            value = _getPreimage(key);
        }
        catch (Exception error) when (error is not CulverinException)
        {
            throw Foreign("pre-image", error);
        }

        if (value is null)
        {
            throw new CulverinException(ErrorCode.PreimageMissing,
                $"The embedding program has no pre-image for {PreimageKey.Text(key)}.");
        }

        if (value.Length > _options.PreimageBytesMax)
        {
            throw OracleErrors.TooLong(key, (ulong)value.Length, _options);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        try
        {
            _hint?.Invoke(payload);
        }
        catch (Exception error) when (error is not CulverinException)
        {
            throw Foreign("hint", error);
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

    private static CulverinException Foreign(string what, Exception error)
    {
        return error is OperationCanceledException
            ? new CulverinException(ErrorCode.Cancelled, $"The {what} callback was cancelled.", error)
            : new CulverinException(
                ErrorCode.PreimageServer, $"The {what} callback failed: {error.Message}", error);
    }
}
