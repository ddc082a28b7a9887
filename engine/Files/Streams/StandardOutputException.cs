namespace Culverin.Files.Streams;

/// <summary>Standard output took no more, with <see cref="ErrorCode.FileAccess"/>.</summary>
public sealed class StandardOutputException : CulverinException
{
    /// <summary>Makes the error.</summary>
    /// <param name="reason">What the operating system said, as the end of a sentence.</param>
    /// <param name="isClosedByReader">
    /// Whether its reader went away, as `head` does when it has enough: no fault of anybody's.
    /// </param>
    public StandardOutputException(string reason, bool isClosedByReader)
        : base(ErrorCode.FileAccess, $"Standard output cannot be written: {reason}.") =>
        IsClosedByReader = isClosedByReader;

    /// <summary>Whether its reader went away.</summary>
    public bool IsClosedByReader { get; }
}
