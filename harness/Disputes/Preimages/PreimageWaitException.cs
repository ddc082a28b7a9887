using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Preimages;

/// <summary>A pre-image is on its way into the oracle, and time has to pass.</summary>
public sealed class PreimageWaitException : ChainException
{
    /// <summary>Makes the exception with one clear sentence.</summary>
    public PreimageWaitException(string message, ulong untilSeconds)
        : base(ChainFailure.Reverted, message)
    {
        UntilSeconds = untilSeconds;
    }

    /// <summary>L1's time, in seconds since 1970, from which on it goes on.</summary>
    public ulong UntilSeconds { get; }
}
