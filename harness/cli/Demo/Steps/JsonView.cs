using Culverin.Harness.Report;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>The whole report as one JSON object at the end, hashes at full length.</summary>
internal sealed class JsonView(Stream stream) : IDemoView
{
    /// <inheritdoc/>
    public void ShowRun(GuestRun run)
    {
    }

    /// <inheritdoc/>
    public void ShowSteps(IReadOnlyList<CheckedStep> steps)
    {
    }

    /// <inheritdoc/>
    public void ShowEnd(DemoReport report) =>
        ReportJson.Write(stream, DemoJson.Of(report), ReportContext.Indented.DemoJson);
}
