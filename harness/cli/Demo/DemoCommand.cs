using System.CommandLine;
using System.Diagnostics;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Cli.Demo.Theft;
using Culverin.Harness.Local;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Cli.Demo;

/// <summary>The verb <c>demo</c> and its flags.</summary>
internal static class DemoCommand
{
    private const string StandardPage = "demo.html";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Option<string> page = new("--out")
        {
            HelpName = "FILE",
            Description = "where to write the page (default: artifacts/demo.html in the repository)",
        };
        Option<bool> isJson = new("--json") { Description = "report as JSON on standard output" };
        Command command = new(
            "demo", "A withdrawal, and a theft that ends at one instruction, on the real contracts.")
        {
            page,
            isJson,
            StepsCommand.Create(),
        };
        command.SetAction((flags, cancellation) =>
            RunAsync(flags.GetValue(page), flags.GetValue(isJson), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? page, bool isJson, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string path = Path.GetFullPath(page
            ?? Path.Combine(RepositoryFolder.Find("harness/guest"), "..", "..", "artifacts", StandardPage));
        ITheftView view = isJson ? new TheftJsonView() : TheftTextView.Detect();
        Story story = await TheftDemo
            .RunAsync(NodePackages.Locate(), view, cancellation)
            .ConfigureAwait(false);
        await StoryFile.WriteAsync(path, StoryPage.Write(story), cancellation).ConfigureAwait(false);
        view.ShowEnd(story, path, watch.Elapsed.TotalSeconds);
        return story.Held ? ExitCodes.Success : ExitCodes.Mismatch;
    }
}
