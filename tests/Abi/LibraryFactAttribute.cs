using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>A test that needs the published library and perhaps other programs.</summary>
public sealed class LibraryFactAttribute : FactAttribute
{
    /// <summary>Skips it, with the reason, where something is missing.</summary>
    /// <param name="tools">Programs that must be usable: names that <see cref="Tool.Find"/> knows.</param>
    public LibraryFactAttribute(params string[] tools)
    {
        Tools = tools;
        string[] faults =
        [
            .. tools.Select(Tool.Find).Where(tool => tool.FilePath is null).Select(tool => tool.Fault),
        ];
        if (!File.Exists(Library.FilePath))
        {
            Skip = "There is no native library; ./build.sh publish makes it.";
        }
        else if (faults.Length > 0)
        {
            Skip = $"Not usable on this machine: {string.Join("; ", faults)}. This was NOT run.";
        }
    }

    /// <summary>Programs that must be usable: names that <see cref="Tool.Find"/> knows.</summary>
    public string[] Tools { get; }
}
