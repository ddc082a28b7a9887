using System;
using System.IO;
using System.Threading;
using Culverin.Oracle;

namespace Culverin.Harness.Cli.Demo;

/// <summary>Starts the pre-image server that lies beside this program.</summary>
internal static class PreimageServer
{
    private const string Name = "OracleServer";

    /// <summary>
    /// Starts it as the reference VM starts any: as a child process with descriptors 3 to 6.
    /// </summary>
    /// <param name="folder">What it serves.</param>
    /// <param name="cancellation">Ends waiting requests.</param>
    public static ProcessOracle Start(string folder, CancellationToken cancellation)
    {
        string path = Path.Combine(AppContext.BaseDirectory, Name);

        // A program that was itself started by the dotnet host may have no runtime that a launcher finds.
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Start(Environment.ProcessPath!, ["exec", path + ".dll", folder], cancellation)
            : Start(path, [folder], cancellation);
    }

    // The server's own words are of interest when it fails, and the error then has the last of them.
    private static ProcessOracle Start(string program, string[] arguments, CancellationToken cancellation) =>
        new(program, arguments, onLine: (_, _) => { }, cancellation: cancellation);
}
