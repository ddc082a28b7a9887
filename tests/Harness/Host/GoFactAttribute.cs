using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>A test that needs the Go compiler that the committed program was built by.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoFactAttribute : FactAttribute
{
    private const string Version = "go1.19.8";

    private static readonly HostTool Found = Find();

    public GoFactAttribute()
    {
        if (Compiler is null)
        {
            Skip = $"There is no usable {Version} ({Found.Fault}): the fault-proof program was NOT rebuilt.";
        }
    }

    /// <summary>The compiler; null when it is not there.</summary>
    internal static string? Compiler => Found.FilePath;

    private static HostTool Find()
    {
        // Debian's own place, then wherever a system has it.
        string[] folders = [.. HostTool.Folders.Prepend("/usr/lib/go-1.19/bin").Where(IsRight)];
        return HostTool.Search(new ToolNeed(["go"], null, ["version"], ["list", "runtime"]), folders);
    }

    private static bool IsRight(string folder)
    {
        string version = Path.Combine(Path.GetDirectoryName(folder) ?? "", "VERSION");
        return File.Exists(version) && File.ReadLines(version).FirstOrDefault() == Version;
    }
}
