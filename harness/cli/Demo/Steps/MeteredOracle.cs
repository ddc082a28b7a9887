using System.Diagnostics;
using Culverin.Oracle;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>
/// Measures how long a machine waits for its pre-image source. Does not own it: several machines share one.
/// </summary>
internal sealed class MeteredOracle(IPreimageOracle inner) : IPreimageOracle
{
    private readonly Stopwatch _watch = new();

    /// <summary>Time spent waiting so far.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Pre-images and hints asked for so far.</summary>
    public int RequestCount { get; private set; }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        RequestCount++;
        _watch.Start();
        try
        {
            return inner.GetPreimage(key);
        }
        finally
        {
            _watch.Stop();
        }
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        RequestCount++;
        _watch.Start();
        try
        {
            inner.Hint(payload);
        }
        finally
        {
            _watch.Stop();
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
