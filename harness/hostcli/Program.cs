using System.CommandLine;
using System.CommandLine.Parsing;
using Culverin.Files.Streams;

namespace Culverin.Harness.HostCli;

/// <summary>The culverin-host executable.</summary>
internal static class Program
{
    private const int ErrorExitCode = 1;
    private const int UsageExitCode = 2;

    // As shells show a program that SIGPIPE ended.
    private const int OutputClosedExitCode = 141;

    private static int Main(string[] arguments)
    {
        StandardStreams.OccupyClosed();
        AtomicFile.SurviveSizeLimit();
        StandardStreams.UseForConsole(isOutputLossy: false);
        HostCommand command = new();
        ParseResult flags = command.Root.Parse(OtherHosts.Simplify(arguments));
        if (flags.Errors.Count > 0)
        {
            foreach (ParseError error in flags.Errors)
            {
                Complain(error.Message);
            }

            return UsageExitCode;
        }

        try
        {
            return flags.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StandardOutputException error) when (error.IsClosedByReader)
        {
            return OutputClosedExitCode;
        }
        catch (CulverinException error)
        {
            Complain(error.Message);
            return ErrorExitCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Complain($"A file or stream failed: {error.Message}");
            return ErrorExitCode;
        }
    }

    private static void Complain(string message) => Console.Error.WriteLine($"culverin-host: {message}");
}
