using Xunit;

namespace Culverin.Tidy.Tests;

/// <summary>Every rule catches a planted violation and lets its opposite pass.</summary>
public sealed class RuleTests
{
    private const string Path = "engine/State/Planted.cs";

    [Fact]
    public void LongLineIsCaught() => Catches(
        Rules.LongLines, "class A; // " + new string('x', 110), "class A; // " + new string('x', 90));

    [Fact]
    public void LongFileIsCaught() => Catches(
        Rules.TooManyLines,
        string.Concat(Enumerable.Repeat("int a;\n", 401)),
        string.Concat(Enumerable.Repeat("int a;\n", 400)));

    [Fact]
    public void LongFunctionIsCaught()
    {
        Catches(Rules.LongFunctions, Function(70), Function(60));
        string generic = "int F<T>(string s = \"{\") where T : struct";
        Catches(Rules.LongFunctions, Function(70).Replace("void F()", generic), "");
    }

    [Fact]
    public void BracesInTextDoNotCount()
    {
        string text = "class A\n{\n    string B = \"{{{\"; // {\n    char C = '{';\n"
            + "    void F()\n    {\n    }\n}\n";
        (string Header, int Line, int LineCount) function = Assert.Single(
            FunctionLengths.Of(new SourceFile(Path, text)));
        Assert.Equal(("void F()", 5, 3), function);
    }

    [Fact]
    public void WrongNamespaceIsCaught() => Catches(
        file => Rules.WrongNamespace(file, _ => "Culverin.State"),
        "namespace Culverin.Other;",
        "namespace Culverin.State;");

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("// FIX" + "ME")]
    [InlineData("#reg" + "ion Fields")]
    public void LeftoverIsCaught(string wrong) => Catches(Rules.Leftovers, wrong, "// nothing to do here");

    [Theory]
    [InlineData("    // int a = 1;")]
    [InlineData("    // if (a)  {")]
    [InlineData("    // }")]
    [InlineData("    // return Compute(a)")]
    [InlineData("    // Run(a, b);")]
    [InlineData("    // _total += b;")]
    [InlineData("    // break;")]
    public void CommentedOutCodeIsCaught(string wrong) =>
        Catches(Rules.DeadCode, wrong, "    // Because the caller, a loop, may return early;");

    [Fact]
    public void UnexplainedPointerIsCaught() => Catches(
        Rules.UnexplainedPointers,
        "unsafe class A { byte* _start; }",
        "unsafe class A { byte* _start; } // SAFETY: never null.");

    [Fact]
    public void RegistryIsCaught() =>
        Catches(Rules.RegistryNames, "\"https://registry.npm" + "js.org/x\"", "\"a registry\"");

    [Fact]
    public void MachinePathIsCaught() =>
        Catches(Rules.PathsOfAMachine, "\"/tm" + "p/x\"", "Path.GetTempPath()");

    [Theory]
    [InlineData("if (opcode == 0x23)")]
    [InlineData("uint primary = bits >> 26;")]
    public void RawOpcodeIsCaught(string wrong)
    {
        Catches(Rules.RawOpcodes, wrong, "if (opcode == InstructionSet.ReservedOpcode)");
        Assert.Empty(Rules.RawOpcodes(new SourceFile("engine/Isa/A.cs", wrong)));
    }

    [Theory]
    [InlineData("a /* b\nc */ d", "a     \n     d")]
    [InlineData("\"a\\\"b\" + c", "\"    \" + c")]
    [InlineData("@\"a\"\"b\" + c", "@\"    \" + c")]
    [InlineData("\"\"\"a \" b\"\"\" + c", "\"         \" + c")]
    [InlineData("'\\'' + c // d", "'  ' + c     ")]
    public void CommentsAndLiteralsAreBlanked(string source, string expected) =>
        Assert.Equal(expected, CodeText.Blank(source));

    private static string Function(int lines) =>
        "namespace N;\n\nclass A\n{\n    void F()\n    {\n"
            + string.Concat(Enumerable.Repeat("        G();\n", lines))
            + "    }\n}\n";

    private static void Catches(Func<SourceFile, IEnumerable<string>> rule, string wrong, string right)
    {
        Assert.NotEmpty(rule(new SourceFile(Path, wrong)));
        Assert.Empty(rule(new SourceFile(Path, right)));
    }
}
