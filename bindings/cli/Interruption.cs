using System.Runtime.InteropServices;
using Culverin.Primitives;

namespace Culverin.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP, from the program's first instruction on. While there is nothing worth saving a
/// signal ends the process at once, with no temporary file left. After <see cref="Defer"/> the first signal
/// is a cancellation, and a second one ends the process as if nobody listened.
/// </summary>
/// <remarks>A signal that the process was started to ignore, as nohup does, stays ignored.</remarks>
internal sealed class Interruption : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private bool _isDeferred;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    /// <summary>Signalled by the first signal after <see cref="Defer"/>.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// From now on the caller looks at the token and ends by itself, because there is something to save.
    /// </summary>
    public void Defer()
    {
        lock (_gate)
        {
            _isDeferred = true;
        }
    }

    /// <summary>
    /// Whether a signal came, or comes within a time: a server that is hit by the same signal may be noticed
    /// as dead a moment before our own signal is.
    /// </summary>
    public bool HasArrivedWithin(TimeSpan time) => Token.WaitHandle.WaitOne(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        lock (_gate)
        {
            context.Cancel = true;
            if (!_isDeferred)
            {
                Leftovers.RemoveAndExit(ExitCodes.Interrupted);
            }

            if (_source.IsCancellationRequested)
            {
                Leftovers.Remove();
                context.Cancel = false;
                return;
            }
        }

        _source.Cancel();
    }
}
