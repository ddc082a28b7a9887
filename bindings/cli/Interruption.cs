using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Culverin.Cli;

/// <summary>
/// SIGINT and SIGTERM as a cancellation. The first signal asks the run to stop; a second one ends the process
/// as if nobody listened.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Signalled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Whether a signal came, or comes within a time: a server in our process group is hit by the same Ctrl-C
    /// and may be noticed as dead a moment before our own signal is.
    /// </summary>
    public bool HasArrivedWithin(TimeSpan time) => Token.WaitHandle.WaitOne(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
