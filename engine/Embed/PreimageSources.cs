using System;
using System.Linq;
using System.Threading;
using Culverin.Oracle;

namespace Culverin.Embed;

/// <summary>Opens what a <see cref="PreimageSource"/> describes.</summary>
public static class PreimageSources
{
    /// <summary>Opens it; a server is started. The result is the caller's.</summary>
    /// <param name="source">Which.</param>
    /// <param name="onServerLine">Gets each line that a server writes, on another thread.</param>
    /// <param name="cancellation">Ends a server's waiting request, and the server.</param>
    /// <exception cref="CulverinException">A file or program cannot be used.</exception>
    public static IPreimageOracle Open(
        PreimageSource source, Action<string>? onServerLine, CancellationToken cancellation)
    {
        IPreimageOracle opened = OpenPlain(source, onServerLine, cancellation);
        if (ReferenceEquals(opened, NoOracle.Instance))
        {
            return opened;
        }

        opened = VerifyingOracle.Wrap(opened, source.Options);
        try
        {
            return source.RecordPath is { } path ? new RecordingOracle(opened, path) : opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static IPreimageOracle OpenPlain(
        PreimageSource source, Action<string>? onServerLine, CancellationToken cancellation)
    {
        if (source.Oracle is { } callers)
        {
            return new BorrowedOracle(callers);
        }

        if (source.ServerCommand.Count > 0)
        {
            return new ProcessOracle(
                source.ServerCommand[0],
                [.. source.ServerCommand.Skip(1)],
                source.Options,
                (line, _) => onServerLine?.Invoke(line),
                cancellation);
        }

        if (source.FolderPath is { } folder)
        {
            return new DirectoryOracle(folder, source.Options);
        }

        return source.ReplayPath is { } recording
            ? new ReplayOracle(recording, source.Options)
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
