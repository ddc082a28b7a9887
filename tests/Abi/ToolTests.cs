using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>A program that is too old, broken or missing is passed over, and why is told.</summary>
public sealed class ToolTests : IDisposable
{
    private static readonly ToolNeed Need =
        new(["tool", "tool-2"], new Version(1, 19), ["--version"], ["work"]);

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData("#!/bin/sh\necho tool version go1.18.9 linux", "is too old (1.18; needed is 1.19)")]
    [InlineData("#!/bin/sh\necho tool", "is broken (it does not tell its version)")]
    [InlineData("#!/bin/sh\necho no toolchain >&2; exit 3", "is broken (exit code 3, no toolchain)")]
    [InlineData("#!/bin/sh\n[ \"$1\" = work ] && exit 1; echo 1.19.8", "is broken (exit code 1, ")]
    [InlineData("#!/nowhere/sh\n", "is broken (")]
    [InlineData("no program", "is broken (")]
    public void WhatCannotBeUsedIsToldAndPassedOver(string script, string fault)
    {
        Write("bad", "tool", script);
        HostTool none = HostTool.Search(Need, Folders("bad"));
        Assert.Null(none.FilePath);
        Assert.StartsWith(_workshop.File("bad", "tool"), none.Fault, StringComparison.Ordinal);
        Assert.Contains(fault, none.Fault, StringComparison.Ordinal);

        Write("good", "tool-2", "#!/bin/sh\necho 1.19.8");
        HostTool other = HostTool.Search(Need, Folders("missing", "bad", "good"));
        Assert.Equal(_workshop.File("good", "tool-2"), other.FilePath);
        Assert.Equal("", other.Fault);
    }

    [Fact]
    public void WhatIsNotExecutableIsBroken()
    {
        Write("bad", "tool", "#!/bin/sh\necho 1.20");
        SetMode(_workshop.File("bad", "tool"), UnixFileMode.UserRead);
        Assert.Contains("is broken (", HostTool.Search(Need, Folders("bad")).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsMissingIsTold() =>
        Assert.Equal("there is no tool here", HostTool.Search(Need, Folders("missing")).Fault);

    private string[] Folders(params string[] names) => [.. names.Select(name => _workshop.File(name))];

    private void Write(string folder, string name, string text)
    {
        Directory.CreateDirectory(_workshop.File(folder));
        File.WriteAllText(_workshop.File(folder, name), text);
        SetMode(
            _workshop.File(folder, name),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
