using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>Starts the pre-image server that lies beside this program.</summary>
internal static class PreimageServer
{
    private const string Name = "OracleServer";

    /// <summary>
    /// Starts it as the reference VM starts any: as a child process with descriptors 3 to 6.
    /// </summary>
    /// <param name="folder">What it serves.</param>
    /// <param name="cancellation">Ends waiting requests.</param>
    public static IPreimageOracle Start(string folder, CancellationToken cancellation)
    {
        string path = Path.Combine(AppContext.BaseDirectory, Name);

        // A program that was itself started by the dotnet host may have no runtime that a launcher finds.
        PreimageSource server = new()
        {
            ServerCommand = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? [Environment.ProcessPath!, "exec", path + ".dll", folder]
                : [path, folder],
        };

        // The server's own words are of interest when it fails, and the error then has the last of them.
        return server.Open(cancellation: cancellation);
    }
}
