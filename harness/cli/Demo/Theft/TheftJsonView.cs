using Culverin.Files.Streams;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>Nothing until the end, then the whole story as one JSON object.</summary>
internal sealed class TheftJsonView : ITheftView
{
    /// <inheritdoc/>
    public void Show(TimelineEntry entry)
    {
    }

    /// <inheritdoc/>
    public void Show(Expectation expectation)
    {
    }

    /// <inheritdoc/>
    public void ShowEnd(Story story, string pagePath, double seconds)
    {
        StoryJson.Write(story, StandardStreams.Output);
        Console.Error.WriteLine($"page: {pagePath}");
    }
}
