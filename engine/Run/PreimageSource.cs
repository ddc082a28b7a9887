using Culverin.Oracle;
using Culverin.Oracle.Server;

namespace Culverin.Run;

/// <summary>
/// Where pre-images come from: the first of oracle, server, folder and recording that is set; without any, a
/// guest that asks ends the run with an error.
/// </summary>
public sealed record PreimageSource
{
    /// <summary>A source of the caller's, which stays the caller's.</summary>
    public IPreimageOracle? Oracle { get; init; }

    /// <summary>A pre-image server's program and arguments, started when the machine is made.</summary>
    public IReadOnlyList<string> ServerCommand { get; init; } = [];

    /// <summary>A folder with one file per key.</summary>
    public string? FolderPath { get; init; }

    /// <summary>A recording, made here or elsewhere.</summary>
    public string? ReplayPath { get; init; }

    /// <summary>Where answers and hints are recorded; null for nowhere.</summary>
    public string? RecordPath { get; init; }

    /// <summary>Limits, times, and whether answers must hash to their keys.</summary>
    public OracleOptions Options { get; init; } = OracleOptions.Default;

    /// <summary>Opens it; a server is started. The result is the caller's.</summary>
    /// <param name="onServerLine">Gets each line that a server writes, on another thread.</param>
    /// <param name="cancellation">Ends a server's waiting request, and the server.</param>
    /// <exception cref="CulverinException">A file or program cannot be used.</exception>
    public IPreimageOracle Open(
        Action<string>? onServerLine = null, CancellationToken cancellation = default)
    {
        IPreimageOracle opened = OpenPlain(onServerLine, cancellation);
        if (ReferenceEquals(opened, NoOracle.Instance))
        {
            return opened;
        }

        opened = VerifyingOracle.Wrap(opened, Options);
        try
        {
            return RecordPath is { } path ? new RecordingOracle(opened, path) : opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private IPreimageOracle OpenPlain(Action<string>? onServerLine, CancellationToken cancellation)
    {
        if (Oracle is { } callers)
        {
            return new BorrowedOracle(callers);
        }

        if (ServerCommand.Count > 0)
        {
            return new ProcessOracle(
                ServerCommand[0],
                [.. ServerCommand.Skip(1)],
                Options,
                (line, _) => onServerLine?.Invoke(line),
                cancellation);
        }

        if (FolderPath is { } folder)
        {
            return new DirectoryOracle(folder, Options);
        }

        return ReplayPath is { } recording
            ? new ReplayOracle(recording, Options)
            : NoOracle.Instance;
    }

    /// <summary>A source that outlives those who use it.</summary>
    private sealed class BorrowedOracle(IPreimageOracle inner) : IPreimageOracle
    {
        public byte[] GetPreimage(ReadOnlySpan<byte> key) => inner.GetPreimage(key);

        public void Hint(ReadOnlySpan<byte> payload) => inner.Hint(payload);

        public void Shutdown()
        {
        }

        public void Dispose()
        {
        }
    }
}
