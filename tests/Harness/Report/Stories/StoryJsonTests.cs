using Culverin.Harness.Report.Stories;
using Xunit;

namespace Culverin.Harness.Tests.Report.Stories;

/// <summary>A story's JSON is the bytes that programs have read so far.</summary>
public sealed class StoryJsonTests
{
    [Fact]
    public void AStorysBytesStay()
    {
        using MemoryStream json = new();
        StoryJson.Write(SampleStory.Create(" \"<é\u2028😀>\\"), json);
        byte[] before = File.ReadAllBytes(
            Path.Combine(Repository.Folder, "tests", "Harness", "Report", "Stories", "story.json"));
        Assert.Equal(before, json.ToArray());
    }
}
