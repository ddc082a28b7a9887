using System;
using Xunit;

namespace Culverin.Harness.Tests.Report;

/// <summary>A test that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "There is no Chromium here: the page was NOT opened in a browser.";
        }
    }
}
