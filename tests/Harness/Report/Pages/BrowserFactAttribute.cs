using Xunit;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>A test that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = $"No browser can be used ({Browser.Fault}): the page was NOT opened in one.";
        }
    }
}
