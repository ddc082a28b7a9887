using Culverin.Cli.Output;
using Culverin.Files.Streams;

namespace Culverin.Cli;

/// <summary>The culverin executable.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // First of all, since listening to signals takes descriptors.
        StandardStreams.OccupyClosed();
        AtomicFile.SurviveSizeLimit();
        using var interruption = new Interruption();
        var log = new Log(Terminal.Detect());
        return End(log, () => new CommandLine(log, interruption).Run(arguments));
    }

    /// <summary>Runs the program; whatever is thrown becomes a sentence and an exit code.</summary>
    public static int End(Log log, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (StandardOutputException error) when (error.IsClosedByReader)
        {
            return ExitCodes.OutputClosed;
        }
        catch (Exception error)
        {
            CulverinException? known = Known(error);
            if (known is null)
            {
                // For whoever looks for the fault.
                log.Failure("Fault of this program", ("module", "cli"), ("at", error));
            }

            log.Error(known?.Message ?? FaultSentence(error));
            return known?.Code == ErrorCode.GuestPanic ? ExitCodes.GuestPanic : ExitCodes.Error;
        }
    }

    /// <summary>Says that something was thrown that never should.</summary>
    public static string FaultSentence(Exception error) =>
        $"This program has a fault ({error.GetType().Name}): {error.Message.ReplaceLineEndings(" ")}";

    /// <summary>What was thrown somewhere, as an error of ours; null if this program is to blame.</summary>
    public static CulverinException? Known(Exception error) => error switch
    {
        CulverinException known => known,
        OutOfMemoryException => new CulverinException(
            ErrorCode.HostResource, "The host has not enough memory.", error),
        IOException or UnauthorizedAccessException => new CulverinException(
            ErrorCode.FileAccess, $"A file or stream failed: {error.Message}", error),
        _ => null,
    };
}
