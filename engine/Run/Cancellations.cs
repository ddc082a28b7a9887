namespace Culverin.Run;

/// <summary>How runs are ended from outside.</summary>
internal static class Cancellations
{
    /// <summary>Throws if the run is to end.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.Cancelled"/>.</exception>
    public static void ThrowIfStopped(this CancellationToken cancellation, ulong step)
    {
        if (cancellation.IsCancellationRequested)
        {
            throw new CulverinException(ErrorCode.Cancelled, $"The run was stopped at step {step}.");
        }
    }
}
