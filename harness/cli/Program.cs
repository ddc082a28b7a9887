using System.CommandLine;
using System.CommandLine.Parsing;
using Culverin.Files.Streams;
using Culverin.Harness.Cli.Demo;
using Culverin.Harness.Cli.Games;
using Culverin.Harness.Cli.Programs;
using Culverin.Harness.Cli.Scenarios;
using Culverin.Harness.Cli.Withdrawals;

namespace Culverin.Harness.Cli;

/// <summary>The culverin-harness executable.</summary>
internal static class Program
{
    // What plays or pays goes on though nobody can be told.
    private static readonly string[] Acting = ["play", "start", "prove", "finalize", "replay", "watch"];

    private static async Task<int> Main(string[] arguments)
    {
        StandardStreams.OccupyClosed();
        AtomicFile.SurviveSizeLimit();
        StandardStreams.UseForConsole(isOutputLossy: Array.Exists(arguments, Acting.Contains));
        RootCommand root = new("Puts the engine's proofs before the real contracts on a local chain.")
        {
            DemoCommand.Create(),
            GamesCommand.Create(),
            PrestateCommand.Create(),
            ProgramCommand.Create(),
            ScenariosCommand.Create(),
            WithdrawalsCommand.Create(),
        };
        ParseResult flags = root.Parse(arguments);
        if (flags.Errors.Count > 0)
        {
            foreach (ParseError error in flags.Errors)
            {
                Complain(error.Message);
            }

            return ExitCodes.Usage;
        }

        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false };
            return await flags.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (StandardOutputException error) when (error.IsClosedByReader)
        {
            return ExitCodes.OutputClosed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (CulverinException error)
        {
            Complain(error.Message);
            return error.Code == ErrorCode.Cancelled ? ExitCodes.Interrupted : ExitCodes.Error;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Complain($"A file or stream failed: {error.Message}");
            return ExitCodes.Error;
        }
    }

    /// <summary>Tells on standard error what went wrong.</summary>
    internal static void Complain(string message) =>
        Console.Error.WriteLine($"culverin-harness: {message}");
}
