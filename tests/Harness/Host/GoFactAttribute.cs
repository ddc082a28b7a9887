using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>A test that needs the Go compiler that the committed program was built by.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoFactAttribute : FactAttribute
{
    private const string Version = "go1.19.8";

    public GoFactAttribute()
    {
        if (Compiler is null)
        {
            Skip = $"There is no {Version} here: the fault-proof program was NOT rebuilt and compared.";
        }
    }

    /// <summary>The compiler; null when it is not there.</summary>
    internal static string? Compiler { get; } = Find();

    private static string? Find()
    {
        // Debian's own place, then wherever a system has it.
        string[] folders =
        [
            "/usr/lib/go-1.19/bin",
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return folders.Select(folder => Path.Combine(folder, "go")).FirstOrDefault(IsRight);
    }

    private static bool IsRight(string compiler)
    {
        string root = Path.GetDirectoryName(Path.GetDirectoryName(compiler)) ?? "";
        string version = Path.Combine(root, "VERSION");
        return File.Exists(compiler)
            && File.Exists(version)
            && File.ReadLines(version).FirstOrDefault() == Version;
    }
}
