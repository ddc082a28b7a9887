using Culverin.Cli.Commands.Run;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Cli.Flags;

/// <summary>Makes the source of pre-images that a run was told to use.</summary>
internal static class OracleFactory
{
    /// <summary>Makes it; a server is started.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="onHostLine">Gets each line that a server writes, on another thread.</param>
    /// <param name="cancellation">Ends a waiting request.</param>
    /// <exception cref="CulverinException">A file or program cannot be used.</exception>
    public static IPreimageOracle Create(
        OracleSettings settings, Action<string> onHostLine, CancellationToken cancellation) =>
        new PreimageSource
        {
            ServerCommand = settings.ServerCommand,
            FolderPath = NullIfEmpty(settings.FolderPath),
            ReplayPath = NullIfEmpty(settings.ReplayPath),
            RecordPath = NullIfEmpty(settings.RecordPath),
            Options = settings.Options,
        }
        .Open(onHostLine, cancellation);

    private static string? NullIfEmpty(string path) => path.Length > 0 ? path : null;
}
