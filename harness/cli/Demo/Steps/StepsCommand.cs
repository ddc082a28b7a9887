using System.CommandLine;
using Culverin.Files.Streams;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>The verb <c>demo steps</c> and its flags.</summary>
internal static class StepsCommand
{
    private const string StandardGuest = "tests/vectors/elf/preimage.go121.elf.gz";
    private const string StandardPreimages = "tests/vectors/oracle/good";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Option<string> guest = new("--guest")
        {
            HelpName = "ELF",
            Description = "MIPS32 program, may be gzip-compressed (default: the Go program of the tests)",
        };
        Option<string> preimages = new("--preimages")
        {
            HelpName = "FOLDER",
            Description = "what its pre-image server serves: a file for each key (default: the tests')",
        };
        Option<bool> isJson = new("--json") { Description = "report as JSON on standard output" };
        Command command = new(
            "steps", "Runs a guest, proves some of its steps, and lets the real contract execute them.")
        {
            guest,
            preimages,
            isJson,
        };
        command.SetAction((flags, cancellation) => RunAsync(
            new DemoSettings(
                flags.GetValue(guest) ?? RepositoryFolder.Find(StandardGuest),
                flags.GetValue(preimages) ?? RepositoryFolder.Find(StandardPreimages)),
            flags.GetValue(isJson) ? new JsonView(StandardStreams.Output) : TextView.Detect(),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        DemoSettings settings, IDemoView view, CancellationToken cancellation)
    {
        DemoReport report =
            await new DemoRun(settings, view).RunAsync(cancellation).ConfigureAwait(false);
        view.ShowEnd(report);
        return report.Agrees ? ExitCodes.Success : ExitCodes.Mismatch;
    }
}
