using Culverin.Abi.Types;
using Culverin.Run;

namespace Culverin.Abi;

/// <summary>What ends a run from outside: the caller's token, the freeing of the handle, and time.</summary>
internal sealed unsafe class RunControl : IDisposable
{
    // SAFETY: limits and tokens come from C under the header's contract.
    private readonly CancellationTokenSource? _linked;

    private RunControl(HandleObject target, CancelHandle* cancel)
    {
        if (cancel is null)
        {
            Token = target.Closing;
            return;
        }

        if (HandleTable.Find((nint)cancel) is not CancelObject token)
        {
            throw new MisuseException("The cancel token is freed, or of another kind.");
        }

        _linked = CancellationTokenSource.CreateLinkedTokenSource(target.Closing, token.Token);
        Token = _linked.Token;
    }

    /// <summary>Signalled when the run is to end.</summary>
    public CancellationToken Token { get; }

    /// <summary>Joins a handle and a caller's token, which may be null.</summary>
    public static RunControl Of(HandleObject target, CancelHandle* cancel) => new(target, cancel);

    /// <summary>The limits as the engine knows them.</summary>
    public static RunLimits LimitsOf(in Limits limits, CancellationToken cancellation)
    {
        if ((limits.Flags & ~(uint)RunFlag.StopAfterPreimage) != 0)
        {
            throw new CulverinException(ErrorCode.InvalidArgument, "The limits have unknown flags.");
        }

        return new RunLimits
        {
            UntilStep = limits.UntilStep == 0 ? null : limits.UntilStep,
            StopAfterPreimageRead = limits.Flags != 0,
            TimeoutMilliseconds = limits.TimeoutMilliseconds,
            MemoryBytesMax = limits.MemoryBytesMax,
            Progress = ProgressOf(limits),
            Cancellation = cancellation,
        };
    }

    /// <summary>Whom to tell how far a run has come; null for nobody.</summary>
    public static ProgressAdapter? ProgressOf(in Limits limits) =>
        limits.Progress is null ? null : new ProgressAdapter(limits.Progress, limits.ProgressUser);

    /// <inheritdoc/>
    public void Dispose() => _linked?.Dispose();
}
