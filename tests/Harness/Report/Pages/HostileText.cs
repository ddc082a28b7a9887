namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>Texts that try to be something else.</summary>
internal static class HostileText
{
    internal const string Markup =
        "</style></title><script>alert(1)</script>\"' onload='x'&amp;<img src=\"//evil/x\">\u202e\0\u2028";
}
