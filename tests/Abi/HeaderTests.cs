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

    [Fact]
    public void CommittedImportsAreFresh() =>
        IsFresh(CSharpImports.Write(), "bindings", "dotnet", "NativeMethods.cs");

    [Fact]
    public void CommittedPythonDeclarationsAreFresh() =>
        IsFresh(PythonDeclarations.Write(), "bindings", "python", "culverin", "_abi.py");

    [Fact]
    public void CommittedRustDeclarationsAreFresh() =>
        IsFresh(RustDeclarations.Write(), "bindings", "rust", "culverin-sys", "src", "lib.rs");

    [Fact]
    public void CommittedSymbolsAreFresh() => IsFresh(
        string.Concat(AbiModel.Groups.SelectMany(AbiModel.Functions)
            .Select(AbiModel.NameOf)
            .Order(StringComparer.Ordinal)
            .Select(name => name + "\n")),
        "bindings", "c", "symbols.txt");

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
