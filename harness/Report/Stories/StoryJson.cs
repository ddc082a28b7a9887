namespace Culverin.Harness.Report.Stories;

/// <summary>A story as one JSON object, for programs.</summary>
public static class StoryJson
{
    /// <summary>Writes the object to a stream, and a line end.</summary>
    public static void Write(Story story, Stream stream) =>
        ReportJson.Write(stream, StoryReport.Of(story), StoryContext.Instance.StoryReport);
}
