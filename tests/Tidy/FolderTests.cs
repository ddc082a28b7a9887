using Culverin.Tests.Shared;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Culverin.Tidy.Tests;

/// <summary>Folders use only those before them, and the harness only the engine's front door.</summary>
public sealed class FolderTests
{
    // What a program that embeds the engine needs; whoever adds a type here makes a promise.
    private static readonly string[] FrontDoor =
    [
        "Culverin.CulverinException",
        "Culverin.Embed.IEngine",
        "Culverin.Embed.ManagedEngine",
        "Culverin.ErrorCode",
        "Culverin.Execute.IGuestOutput",
        "Culverin.Files.ProofFile",
        "Culverin.Files.Streams.AtomicFile",
        "Culverin.Files.Streams.StandardOutputException",
        "Culverin.Files.Streams.StandardStreams",
        "Culverin.Inspect.MachineInspector",
        "Culverin.Oracle.IPreimageOracle",
        "Culverin.Oracle.OracleOptions",
        "Culverin.Oracle.PreimageKeyType",
        "Culverin.Primitives.Keccak256",
        "Culverin.Primitives.NamedPipe",
        "Culverin.Prove.OracleData",
        "Culverin.Prove.StepProof",
        "Culverin.Run.EngineKind",
        "Culverin.Run.EngineLogLevel",
        "Culverin.Run.IEngineMachine",
        "Culverin.Run.MachineOptions",
        "Culverin.Run.MachineProgress",
        "Culverin.Run.MachineSummary",
        "Culverin.Run.PreimageSource",
        "Culverin.Run.RunLimits",
        "Culverin.Run.StopReason",
        "Culverin.Trace.ITraceIndex",
        "Culverin.Trace.TraceEnd",
        "Culverin.Trace.TraceOptions",
        "Culverin.Trace.TraceProgress",
        "Culverin.Trace.TraceSummary",
        "Culverin.Versions.FeatureSet",
        "Culverin.Versions.StateVersion",
    ];

    // Projects of their own inside the harness, which use all of it.
    private static readonly string[] HarnessPrograms = ["cli", "hostcli", "contractgen"];

    private static readonly Lazy<CSharpCompilation> Engine =
        new(() => FolderUses.Compile("Culverin", FilesOf("engine")));

    private static readonly FolderOrder Planted = new("engine", ["State", "Execute", "Execute/Fast", "Run"]);

    [Fact]
    public void FoldersOfTheEngineUseOnlyThoseBeforeThem() =>
        Assert.Empty(FolderUses.Upward(Engine.Value, OrderOf("engine")));

    [Fact]
    public void FoldersOfTheHarnessUseOnlyThoseBeforeThem()
    {
        IEnumerable<SourceFile> files = FilesOf("harness")
            .Where(file => !HarnessPrograms.Contains(file.Path.Split('/')[1]));
        CSharpCompilation harness = FolderUses.Compile("Culverin.Harness", files, Engine.Value);
        Assert.Empty(FolderUses.Upward(harness, OrderOf("harness")));
    }

    [Fact]
    public void DocumentsNameNoFolderThatIsNotThere()
    {
        foreach (string project in new[] { "engine", "harness" })
        {
            string[] missing =
            [
                .. OrderOf(project).Folders
                    .Where(folder =>
                        !Directory.Exists(Path.Combine(RepositoryFiles.Root, project, folder))),
            ];
            Assert.Empty(missing);
        }
    }

    [Fact]
    public void OnlyTheFrontDoorIsPublic() =>
        Assert.Equal(FrontDoor, FolderUses.PublicTypes(Engine.Value).Order(StringComparer.Ordinal));

    [Fact]
    public void OnlyOurTestsAndTheInterfacesUseWhatIsInternal()
    {
        string[] friends = ["Culverin.Abi", "Culverin.Bench", "Culverin.Cli", "Culverin.Fuzz"];
        SourceFile project = SourceFile.Tree.Single(file => file.Path == "engine/Culverin.csproj");
        string[] named = [.. project.Text.Split("<InternalsVisibleTo Include=\"")[1..]
            .Select(rest => rest[..rest.IndexOf('"')])];
        Assert.NotEmpty(named);
        Assert.DoesNotContain(
            named.Except(friends), name => !name.EndsWith(".Tests", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("State", "class A { Culverin.Run.C? _c; }")]
    [InlineData("State", "using Culverin.Run; class A { C? _c; }")]
    [InlineData("State", "using static Culverin.Run.C; class A { int _c = One; }")]
    [InlineData("State", "using R = Culverin.Run.C; class A { R? _c; }")]
    [InlineData("State", "using Culverin.Run; class A { object M(B b) => b.Later(); }")]
    [InlineData("State/Deep", "using Culverin.Run; class A { C? _c; }")]
    [InlineData("Execute", "class A { int _c = Fast.D.One; }")]
    [InlineData("", "class A { Run.C? _c; }")]
    [InlineData("", "class A : State.B;")]
    [InlineData("Elsewhere", "class A;")]
    public void UpwardUseIsCaught(string folder, string text) => Assert.NotEmpty(Upward(folder, text));

    [Theory]
    [InlineData("Run", "class A { State.B? _b; Execute.Fast.D? _d; Root? _r; }")]
    [InlineData("Execute/Fast", "class A { State.B? _b; int _d = D.One; }")]
    [InlineData("State", "/* Culverin.Run.C */ class A { string _c = \"Culverin.Run.C\"; }")]
    public void DownwardUseIsNot(string folder, string text) => Assert.Empty(Upward(folder, text));

    [Fact]
    public void ADocumentWithoutAnOrderIsCaught() =>
        Assert.Throws<FormatException>(() => FolderOrder.Of("engine", "X64, then Primitives"));

    private static IEnumerable<string> Upward(string folder, string text)
    {
        SourceFile[] files =
        [
            File("", "Root", "class Root;"),
            File("State", "B", "class B;"),
            File("Execute/Fast", "D", "class D { public const int One = 1; }"),
            File(
                "Run",
                "C",
                "static class C { public const int One = 1; public static int Later(this State.B b) => 1; }"),
            File(folder, "A", text),
        ];
        return FolderUses.Upward(FolderUses.Compile("Culverin", files), Planted);
    }

    private static SourceFile File(string folder, string name, string text)
    {
        string[] above = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string space = string.Join('.', [nameof(Culverin), .. above]);
        int start = text.LastIndexOf("using ", StringComparison.Ordinal) < 0 ? 0 : text.IndexOf(';') + 1;
        return new SourceFile(
            string.Join('/', ["engine", .. above, $"{name}.cs"]),
            $"{text[..start]} namespace {space}; {text[start..]}");
    }

    private static FolderOrder OrderOf(string project) => FolderOrder.Of(
        project, SourceFile.Tree.Single(file => file.Path == $"{project}/ARCHITECTURE.md").Text);

    private static IEnumerable<SourceFile> FilesOf(string project) => SourceFile.Tree
        .Where(file => file.IsCSharp && file.Path.StartsWith(project + "/", StringComparison.Ordinal));
}
