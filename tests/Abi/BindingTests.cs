using System.Text;
using Culverin.Embed;
using Culverin.Files;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>
/// Every language gets the roots and proofs that the reference recorded, byte for byte what the command line
/// writes; and a recording made in one replays in another.
/// </summary>
public sealed class BindingTests
{
    private const string RootMark = "root 0x";

    [LibraryFact("gcc")]
    public void CAgrees() => Agrees(Binding.C);

    [LibraryFact("python3")]
    public void PythonAgrees() => Agrees(_ => Binding.Python(Script("python", "example.py")));

    [LibraryFact("node")]
    public void NodeAgrees() => Agrees(_ => Binding.Node(Script("node", "example.mjs")));

    [LibraryFact("cargo", "rustc", "gcc")]
    public void RustAgrees() => Agrees(workshop => Binding.Rust(workshop, "example"));

    [LibraryFact("go")]
    public void GoAgrees() => Agrees(Binding.Go);

    [LibraryFact("python3")]
    public void PythonTracesAgree() => TracesAgree(_ => Binding.Python(OwnScript("trace.py")));

    [LibraryFact("node")]
    public void NodeTracesAgree() => TracesAgree(_ => Binding.Node(OwnScript("trace.mjs")));

    [LibraryFact("cargo", "rustc", "gcc")]
    public void RustTracesAgree() => TracesAgree(workshop => Binding.Rust(workshop, "trace"));

    [LibraryFact("gcc", "python3", "node", "cargo", "rustc")]
    public void RecordingsGoRound()
    {
        using var workshop = new Workshop();
        GuestVector vector = WithPreimages();
        string elf = workshop.Unpack(vector);
        Binding[] bindings =
        [
            Binding.C(workshop), Binding.Python(Script("python", "example.py")),
            Binding.Node(Script("node", "example.mjs")), Binding.Rust(workshop, "example"),
            Binding.C(workshop),
        ];
        string source = vector.OracleFolder!;
        for (int index = 0; index < bindings.Length; index++)
        {
            string recording = workshop.File($"{index}.record");
            string[] words = [elf, $"{(int)vector.Version}", "1", source, recording];
            string printed = bindings[index].Run(workshop, words);
            Assert.Contains(RootMark + vector.FinalHash[2..], printed, StringComparison.Ordinal);
            source = recording;
            Assert.Equal(File.ReadAllBytes(workshop.File("0.record")), File.ReadAllBytes(recording));
        }
    }

    [LibraryFact("node")]
    public void NodeRefusesOtherPrograms()
    {
        using var workshop = new Workshop();
        Binding.Node(OwnScript("strange.mjs")).Run(workshop, [workshop.Path]);
    }

    [LibraryFact("go", "sleep")]
    public void GoRefusesOtherPrograms() => Tool.Run(
        Script("go", ""), "go", ["test", "-count=1", "./..."], ("GOFLAGS", "")).Expect();

    [LibraryFact("python3", "sleep")]
    public void PythonIsInterrupted() => RunsPython("interrupt.py");

    [LibraryFact("python3")]
    public void PythonRefusesWhatCWouldCut() => RunsPython("arguments.py");

    [LibraryFact("python3", Tool.WheelBuilder)]
    public void AWheelIsInstalledAndRuns()
    {
        using var workshop = new Workshop();
        (string, string)[] environment = [("CULVERIN_LIBRARY", Library.FilePath), ("PIP_NO_INPUT", "1")];
        string[] wheel =
            ["-m", "pip", "wheel", "--no-deps", "--no-index", "-w", workshop.Path, Script("python", "")];
        Tool.Run(workshop.Path, "python3", wheel, environment).Expect();
        Tool.Run(workshop.Path, "python3", ["-m", "venv", "installed"]).Expect();
        string python = workshop.File("installed", "bin", "python");
        string file = Directory.GetFiles(workshop.Path, "*.whl").Single();
        Tool.Run(workshop.Path, python, ["-m", "pip", "install", "--no-index", file]).Expect();
        Tool.Run(
            workshop.Path,
            python,
            ["-c", "import culverin; culverin.selftest(); print(culverin.version())"],
            ("CULVERIN_LIBRARY", ""),
            ("PYTHONPATH", "")).Expect();
    }

    private static string Script(string language, string name) =>
        Path.Combine(RepositoryFiles.Root, "bindings", language, name);

    private static string OwnScript(string name) =>
        Path.Combine(RepositoryFiles.Root, "tests", "Abi", "bindings", name);

    private static GuestVector WithPreimages() => new(StateVersion.MultiThreaded64V5, "preimage");

    private static IEnumerable<GuestVector> Vectors() =>
        [new(StateVersion.SingleThreaded, "hello"), WithPreimages()];

    private static void RunsPython(string script)
    {
        using var workshop = new Workshop();
        GuestVector vector = WithPreimages();
        string folder = Directory.CreateDirectory(workshop.File("folder")).FullName;
        string[] words = [workshop.Unpack(vector), $"{(int)vector.Version}", folder];
        Binding.Python(OwnScript(script)).Run(workshop, words);
    }

    private static void Agrees(Func<Workshop, Binding> make)
    {
        using var workshop = new Workshop();
        Binding binding = make(workshop);
        foreach (GuestVector vector in Vectors())
        {
            string elf = workshop.Unpack(vector);
            ulong step = vector.Proofs()[^2].Step;
            string[] words = [elf, $"{(int)vector.Version}", $"{step}"];
            string printed = binding.Run(
                workshop, vector.OracleFolder is { } folder ? [.. words, folder] : words);
            RecordedProof recorded = vector.Proofs().First(proof => proof.Step == step);
            string hashes = $"{RootMark}{vector.FinalHash[2..]}\n"
                + $"pre  {recorded.Proof.GetProperty("pre").GetString()}\n"
                + $"post {recorded.Proof.GetProperty("post").GetString()}\n";
            Assert.Equal(
                hashes + CommandLineProof(workshop, vector, elf, step),
                printed[printed.IndexOf(RootMark, StringComparison.Ordinal)..]);
        }
    }

    /// <summary>The file that the command line writes for a step.</summary>
    private static string CommandLineProof(Workshop workshop, GuestVector vector, string elf, ulong step)
    {
        string type = FeatureSet.Of(vector.Version).Name;
        string[] load = ["load-elf", "--type", type, "--path", elf, "--out", "s.bin", "--meta="];
        Tool.Run(workshop.Path, Binding.CommandLine, load).Expect();
        string[] run =
        [
            "run", "--input", "s.bin", "--output=", "--meta=", "--trace-disk", "0", "--proof-at", $"={step}",
            "--stop-at", $"={step + 1}", "--proof-fmt", "cli.json",
            .. vector.OracleFolder is { } folder ? ["--oracle-dir", folder] : Array.Empty<string>(),
        ];
        Tool.Run(workshop.Path, Binding.CommandLine, run).Expect();
        return File.ReadAllText(workshop.File("cli.json"));
    }

    private static void TracesAgree(Func<Workshop, Binding> make)
    {
        using var workshop = new Workshop();
        GuestVector vector = WithPreimages();
        string elf = workshop.Unpack(vector);
        ulong[] steps = [0, 1000, vector.Steps / 2, vector.Steps + 7, vector.Steps / 3];
        ManagedEngine engine = ManagedEngine.Instance;
        using IEngineMachine first = engine.LoadElf(elf, vector.Version, MachineOptions.Default);
        var settings = new MachineOptions
        {
            Preimages = new PreimageSource { FolderPath = vector.OracleFolder },
        };
        using ITraceIndex trace = engine.OpenTrace(
            workshop.File("managed"), first, settings, new TraceOptions());
        var expected = new StringBuilder($"prestate {vector.PrestateHash[2..]}\n");
        foreach ((ulong step, byte[] hash) in steps.Zip(trace.HashesAt(steps)))
        {
            expected.Append($"{step} {Convert.ToHexStringLower(hash)}\n");
        }

        expected.Append($"final {vector.Steps} {vector.ExitCode} {vector.FinalHash[2..]}\n");
        var proof = new MemoryStream();
        ProofFile.Write(proof, trace.ProofAt(steps[^1]));
        expected.Append(Encoding.UTF8.GetString(proof.ToArray()));
        string[] words =
        [
            elf, $"{(int)vector.Version}", workshop.File("trace"), vector.OracleFolder!,
            .. steps.Select(step => $"{step}"),
        ];
        Assert.Equal(expected.ToString(), make(workshop).Run(workshop, words));
    }
}
