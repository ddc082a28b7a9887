using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>Whatever is thrown, the program ends with a sentence and a documented exit code.</summary>
public sealed class UnexpectedFaultTests
{
    public static TheoryData<Exception, int, string> Thrown => new()
    {
        { new ArgumentException("odd"), 1, "internal" },
        { new InvalidOperationException("odd"), 1, "internal" },
        { new FormatException("odd"), 1, "internal" },
        { new IOException("odd"), 1, "fileAccess" },
        { new InsufficientMemoryException(), 1, "hostResource" },
        { new CulverinException(ErrorCode.GuestPanic, "Odd."), 2, "guestPanic" },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public void EveryExceptionEndsWithADocumentedExitCode(Exception error, int exitCode, string name)
    {
        Assert.Equal(exitCode, Program.End(new Log(Terminal.Detect()), () => throw error));
        ErrorReport report = ErrorReport.Of(error);
        Assert.Equal(name, report.Error);
        Assert.NotEqual(0, report.ErrorCode);
        Assert.NotEqual("", report.Message);
    }
}
