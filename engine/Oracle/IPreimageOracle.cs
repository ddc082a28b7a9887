namespace Culverin.Oracle;

/// <summary>
/// A source of pre-images, and the receiver of the guest's hints (VM-SPEC 8 and 13.3). Every error is a
/// <see cref="CulverinException"/>: <see cref="ErrorCode.PreimageMissing"/> when the source does not have the
/// key, <see cref="ErrorCode.PreimageServer"/> when a server died, broke the protocol or fell silent,
/// <see cref="ErrorCode.LimitExceeded"/> when an answer is larger than allowed,
/// <see cref="ErrorCode.Cancelled"/> when the run was cancelled. Instances serve one thread at a time;
/// <see cref="Shutdown"/> may come from any thread.
/// </summary>
public interface IPreimageOracle : IDisposable
{
    /// <summary>
    /// Returns the bytes that belong to <paramref name="key"/> (exactly 32 bytes, first byte = key type),
    /// without the 8-byte length that the guest sees before them. The array belongs to the caller.
    /// </summary>
    byte[] GetPreimage(ReadOnlySpan<byte> key);

    /// <summary>
    /// Hands over one hint, without its 4-byte length, and returns when the source has taken note of it.
    /// Sources that have nothing to prepare ignore hints.
    /// </summary>
    void Hint(ReadOnlySpan<byte> payload);

    /// <summary>
    /// Ends the source politely: a server is asked to stop and waited for, a recording is finished. Further
    /// calls do nothing. <see cref="IDisposable.Dispose"/> does the same but swallows the errors.
    /// </summary>
    void Shutdown();
}
