using System;
using System.IO;
using Culverin.Abi.Tests.Header;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>
/// Committed files that are written from the exports are fresh: an accidental change of the interface fails
/// here. CULVERIN_UPDATE=1 writes them anew.
/// </summary>
public sealed class HeaderTests
{
    [Fact]
    public void CommittedHeaderIsFresh() => IsFresh(CHeader.Write(), "bindings", "c", "culverin.h");

    private static void IsFresh(string written, params string[] path)
    {
        string file = Path.Combine([RepositoryFiles.Root, .. path]);
        if (Environment.GetEnvironmentVariable("CULVERIN_UPDATE") == "1")
        {
            File.WriteAllText(file, written);
        }

        Assert.Equal(written, File.ReadAllText(file));
    }
}
