using System;
using System.Linq;
using System.Threading;
using Culverin.Oracle;

namespace Culverin.Cli;

/// <summary>Makes the source of pre-images that a run was told to use.</summary>
internal static class OracleFactory
{
    /// <summary>Makes it; a server is started.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="onHostLine">Gets each line that a server writes, on another thread.</param>
    /// <param name="cancellation">Ends a waiting request.</param>
    /// <exception cref="CulverinException">A file or program cannot be used.</exception>
    public static IPreimageOracle Create(
        OracleSettings settings, Action<string> onHostLine, CancellationToken cancellation)
    {
        IPreimageOracle source = Open(settings, onHostLine, cancellation);
        if (ReferenceEquals(source, NoOracle.Instance))
        {
            return source;
        }

        source = VerifyingOracle.Wrap(source, settings.Options);
        try
        {
            return settings.RecordPath.Length > 0 ? new RecordingOracle(source, settings.RecordPath) : source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static IPreimageOracle Open(
        OracleSettings settings, Action<string> onHostLine, CancellationToken cancellation)
    {
        if (settings.FolderPath.Length > 0)
        {
            return new DirectoryOracle(settings.FolderPath, settings.Options);
        }

        if (settings.ReplayPath.Length > 0)
        {
            return new ReplayOracle(settings.ReplayPath, settings.Options);
        }

        return settings.ServerCommand.Count > 0
            ? new ProcessOracle(
                settings.ServerCommand[0],
                [.. settings.ServerCommand.Skip(1)],
                settings.Options,
                (line, _) => onHostLine(line),
                cancellation)
            : NoOracle.Instance;
    }
}
