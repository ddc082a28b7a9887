using Culverin.Tests.Shared;

namespace Culverin.Abi.Tests;

/// <summary>A language that the engine can be called from, by programs of the same arguments.</summary>
internal sealed class Binding
{
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly (string, string)[] _environment;

    private Binding(string program, string[] arguments, params (string, string)[] environment)
    {
        _program = program;
        _arguments = arguments;
        _environment = environment;
    }

    /// <summary>The command line beside the tests.</summary>
    public static string CommandLine { get; } =
        Path.Combine(System.AppContext.BaseDirectory, "Culverin.Cli");

    private static string Folder => Path.Combine(RepositoryFiles.Root, "bindings");

    public static Binding C(Workshop workshop)
    {
        string source = Path.Combine(Folder, "c", "example.c");
        CompilerTests.Build(workshop, "gcc", source, "example", ["-std=c99", "-Wall", "-Werror"]);
        return new Binding(workshop.File("example"), []);
    }

    public static Binding Python(string script) => new(
        "python3",
        [script],
        ("PYTHONPATH", Path.Combine(Folder, "python")),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("CULVERIN_LIBRARY", Library.FilePath));

    public static Binding Node(string script) => new(
        "node",
        [script],
        ("CULVERIN_BIN", CommandLine),
        ("CULVERIN_NODE", Path.Combine(Folder, "node", "index.mjs")));

    public static Binding Rust(Workshop workshop, string example)
    {
        string target = workshop.File("rust");
        string manifest = Path.Combine(Folder, "rust", "Cargo.toml");
        Tool.Run(
            workshop.Path,
            "cargo",
            [
                "build", "--offline", "--locked", "--manifest-path", manifest, "--target-dir", target,
                "--example", example,
            ],
            ("CULVERIN_LIB_DIR", Library.Folder)).Expect();
        return new Binding(Path.Combine(target, "debug", "examples", example), []);
    }

    public static Binding Go(Workshop workshop)
    {
        string program = workshop.File("go-example");
        Tool.Run(Path.Combine(Folder, "go"), "go", ["build", "-o", program, "./example"]).Expect();
        return new Binding(program, [], ("CULVERIN_BIN", CommandLine));
    }

    /// <summary>Runs it and returns what it wrote.</summary>
    public string Run(Workshop workshop, IEnumerable<string> arguments) =>
        Tool.Run(workshop.Path, _program, [.. _arguments, .. arguments], _environment).Expect().Output;
}
