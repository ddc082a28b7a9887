namespace Culverin.Oracle;

/// <summary>
/// Limits and times that the pre-image sources obey. Immutable; the defaults suit a fault-proof server.
/// </summary>
public sealed record OracleOptions
{
    /// <summary>
    /// The largest value <see cref="PreimageBytesMax"/> may take: the longest byte array of .NET.
    /// </summary>
    public const int PreimageBytesLimit = 0x7FFFFFC7;

    /// <summary>The default options.</summary>
    public static OracleOptions Default { get; } = new();

    /// <summary>
    /// The largest pre-image accepted, in bytes without the length prefix: 512 MiB unless set. A longer
    /// announcement is refused before any memory is reserved for it, and a shorter one reserves no more than
    /// twice what came.
    /// </summary>
    public int PreimageBytesMax { get; init; } = 512 * 1024 * 1024;

    /// <summary>
    /// How long a server may take from a request to the last byte of its answer, for pre-images and hints
    /// alike: ten minutes unless set, because a server may have to fetch from a slow node. Zero means no
    /// limit.
    /// </summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// At shutdown: how long a server may run on after its pipes were closed, before it gets SIGINT: five
    /// seconds unless set. A server that stops when its input ends costs only the time it takes to stop.
    /// </summary>
    public TimeSpan EndOfInputGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// At shutdown: how long a server may run on after SIGINT, before SIGKILL: ten seconds unless set.
    /// </summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Replaces both graces, if shorter, for a server that already failed and for a cancelled run: one second
    /// unless set.
    /// </summary>
    public TimeSpan FailedGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether <see cref="VerifyingOracle.Wrap"/> checks that answers to keccak256 and sha256 keys hash to
    /// their key. On unless cleared.
    /// </summary>
    public bool VerifyHashes { get; init; } = true;

    /// <summary>Throws <see cref="ErrorCode.InvalidArgument"/> for a value that makes no sense.</summary>
    internal void Validate()
    {
        if (PreimageBytesMax is < 0 or > PreimageBytesLimit)
        {
            throw new CulverinException(ErrorCode.InvalidArgument,
                $"The largest pre-image must have 0 to {PreimageBytesLimit} bytes, not {PreimageBytesMax}.");
        }

        ValidateTime(AnswerDeadline, "answer deadline");
        ValidateTime(EndOfInputGrace, "time to stop after the end of input");
        ValidateTime(InterruptGrace, "time to stop after an interrupt");
        ValidateTime(FailedGrace, "time to stop after a failure");
    }

    private static void ValidateTime(TimeSpan time, string name)
    {
        // A day is ample, and keeps every wait within a 32-bit count of milliseconds.
        if (time < TimeSpan.Zero || time > TimeSpan.FromDays(1))
        {
            throw new CulverinException(ErrorCode.InvalidArgument,
                $"The {name} of the pre-image server must be between 0 and 24 hours, not {time}.");
        }
    }
}
