using System.IO;
using System.Linq;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>A test that needs the published library and perhaps other programs.</summary>
public sealed class LibraryFactAttribute : FactAttribute
{
    /// <summary>Skips it, with the reason, where something is missing.</summary>
    /// <param name="tools">Programs that must be in PATH.</param>
    public LibraryFactAttribute(params string[] tools)
    {
        Tools = tools;
        string[] missing = [.. tools.Where(tool => Tool.Find(tool) is null)];
        if (!File.Exists(Library.FilePath))
        {
            Skip = "There is no native library; ./build.sh publish makes it.";
        }
        else if (missing.Length > 0)
        {
            Skip = $"Not on this machine: {string.Join(", ", missing)}. This binding was NOT run.";
        }
    }

    /// <summary>Programs that must be in PATH.</summary>
    public string[] Tools { get; }
}
