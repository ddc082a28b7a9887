using Culverin.Harness.Report.Stories;


namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>Shows the story of the theft while it happens.</summary>
internal interface ITheftView
{
    /// <summary>Something happened.</summary>
    void Show(TimelineEntry entry);

    /// <summary>Something that had to be so was looked at.</summary>
    void Show(Expectation expectation);

    /// <summary>It is over, and its page is written.</summary>
    void ShowEnd(Story story, string pagePath, double seconds);
}
