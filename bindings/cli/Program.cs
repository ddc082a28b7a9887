using System;
using System.IO;

namespace Culverin.Cli;

/// <summary>The culverin executable.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var log = new Log(Terminal.Detect());
        try
        {
            return new CommandLine(log).Run(arguments);
        }
        catch (CulverinException error)
        {
            log.Error(error.Message);
            return error.Code == ErrorCode.GuestPanic ? ExitCodes.GuestPanic : ExitCodes.Error;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error($"A file or stream failed: {error.Message}");
            return ExitCodes.Error;
        }
        catch (OutOfMemoryException)
        {
            log.Error("The host has not enough memory.");
            return ExitCodes.Error;
        }
    }
}
