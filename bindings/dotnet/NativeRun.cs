using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Culverin.Abi.Types;

namespace Culverin.Native;

/// <summary>
/// What a run is ended and watched by: a cancel token of the library's that follows the caller's, and the
/// caller's progress. Lives for one call.
/// </summary>
internal sealed unsafe class NativeRun : IDisposable
{
    // SAFETY: the token is freed after the call that uses it, and the user pointer is a GC handle freed
    // with it.
    private readonly CancelHandle* _cancel;
    private readonly CancellationTokenRegistration _registration;
    private readonly Action<ulong, int>? _report;
    private GCHandle _self;
    private ExceptionDispatchInfo? _thrown;

    /// <summary>Begins to follow a caller's token.</summary>
    public NativeRun(CancellationToken cancellation, Action<ulong, int>? report = null)
    {
        CancelHandle* cancel;
        NativeErrors.Require(NativeMethods.CancelCreate(&cancel));
        _cancel = cancel;
        _report = report;
        _self = GCHandle.Alloc(this);
        _registration = cancellation.UnsafeRegister(static run => ((NativeRun)run!).Cancel(), this);
    }

    /// <summary>The library's token.</summary>
    public CancelHandle* Token => _cancel;

    /// <summary>Ends the run; harmless when it is over.</summary>
    public void Cancel() => _ = NativeMethods.CancelRequest(_cancel);

    /// <summary>Adds token and progress to limits.</summary>
    public Limits Complete(Limits limits)
    {
        limits.StructSize = (nuint)sizeof(Limits);
        limits.Cancel = _cancel;
        limits.Progress = _report is null ? null : &OnProgress;
        limits.ProgressUser = (void*)GCHandle.ToIntPtr(_self);
        return limits;
    }

    /// <summary>Throws what the progress callback threw.</summary>
    public void Rethrow() => _thrown?.Throw();

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _ = NativeMethods.CancelFree(_cancel);
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProgress(void* user, ulong step, ulong pageCount)
    {
        var run = (NativeRun)GCHandle.FromIntPtr((nint)user).Target!;
        try
        {
            run._report!(step, (int)pageCount);
            return 0;
        }
        catch (Exception error)
        {
            run._thrown = ExceptionDispatchInfo.Capture(error);
            return 1;
        }
    }
}
