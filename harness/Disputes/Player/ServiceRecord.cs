using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Player;

/// <summary>How a <see cref="PlayerService"/> is.</summary>
public sealed record ServiceRecord
{
    /// <summary>The newest L1 block; null when it could not be read.</summary>
    public Block? Head { get; init; }

    /// <summary>Games that are watched, finished ones included.</summary>
    public int GameCount { get; init; }

    /// <summary>Games with nothing left to do.</summary>
    public int FinishedCount { get; init; }

    /// <summary>Games whose last round failed.</summary>
    public int FailedCount { get; init; }

    /// <summary>
    /// Games in whose last round a node or file failed, so that not all that is right was known.
    /// </summary>
    public int UnknownCount { get; init; }

    /// <summary>
    /// Pre-image oracles whose proposals could not be looked at, or not all of them be checked.
    /// </summary>
    public int FailedOracleCount { get; init; }

    /// <summary>Games that are being played at this moment.</summary>
    public int BusyCount { get; init; }

    /// <summary>
    /// The L1 block up to which everything due was done in every game, or seen to be impossible. One that
    /// stays behind L1 tells that the service does not do its work.
    /// </summary>
    public ulong HighestActedBlock { get; init; }

    /// <summary>Why the games could not be looked at, in a sentence; null when they could.</summary>
    public string? Failure { get; init; }
}
