using System.Diagnostics;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Flags;

/// <summary>
/// Outputs that cannot be written and names that collide are refused before anything is done, in words that
/// name what the user wrote.
/// </summary>
public sealed class FilePlanTests : IDisposable
{
    private const string Endless = "run --input state.bin --meta= --output= --stop-at =9223372036854775808 ";

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    // Each of these would else run for ever, as the program does, or to a step that never comes.
    [Theory]
    [InlineData("--output", "missing/out.bin", "there is no folder")]
    [InlineData("--proof-at =99999999999999 --proof-fmt", "missing/proof-%d.json", "there is no folder")]
    [InlineData("--snapshot-at %99999999999999 --snapshot-fmt", "missing/s-%d.bin", "there is no folder")]
    [InlineData("--snapshot-on-error", "missing/s-%d.bin", "there is no folder")]
    [InlineData("--debug-info", "missing/debug.json", "there is no folder")]
    [InlineData("--replay state.bin --record", "missing/all.record", "there is no folder")]
    [InlineData("--output", "folder.bin", "it is a folder")]
    [InlineData("--debug-info", "folder.bin", "it is a folder")]
    [InlineData("--output", "/proc/out.bin", "")]
    [InlineData("--debug-info", "/proc/debug.json", "")]
    [InlineData("--output", "state.bin/out.bin", "\"")]
    [InlineData("--proof-at =99999999999999 --proof-fmt", "missing-%d/p.json", "there is no folder")]
    [InlineData("--proof-at =99999999999999,%7 --proof-fmt", "%d/p.json", "there is no folder")]
    [InlineData("--snapshot-at =99999999999999 --snapshot-fmt", "%d/s.bin", "there is no folder")]
    public void AnOutputThatCannotBeWrittenIsRefusedBefore(string flags, string path, string why)
    {
        _workshop.MakeEndless();
        Directory.CreateDirectory(_workshop.File("folder.bin"));
        string[] files = _workshop.FileNames;
        var clock = Stopwatch.StartNew();
        CulverinResult result = Run($"{Endless}{flags} {path}").Expect(1);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "It ran.");
        string flag = flags.Split(' ')[^1];
        string step = flags.Contains("at =", StringComparison.Ordinal) ? "99999999999999" : "0";
        string name = path.Replace("%d", step, StringComparison.Ordinal);
        Assert.Contains(
            $"{flag} \"{name}\" cannot be written: {why}", result.ErrorOutput, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(files, _workshop.FileNames);
    }

    [Theory]
    [InlineData("load-elf --type 2 --path guest.elf --out x.bin --meta x.bin", "--out and --meta")]
    [InlineData("load-elf --type 2 --path guest.elf --out x.bin --meta ./sub/../x.bin", "--out and --meta")]
    [InlineData("load-elf --type 2 --path guest.elf --meta guest.elf", "--meta would be")]
    [InlineData("load-elf --type 2 --path guest.elf --meta linked.elf", "--meta would be")]
    [InlineData("load-elf --type 2 --path guest.elf --meta loop/guest.elf", "--meta would be")]
    [InlineData("load-elf --type 2 --path guest.elf --out - --meta -", "--out - and --meta -")]
    [InlineData("load-elf --type 2 --path guest.elf --out - --meta= --json", "--out - and --json would be")]
    [InlineData("run --input state.bin --output state.bin", "--output would be written over --input")]
    [InlineData("run --input state.bin --meta meta.json --debug-info meta.json", "--debug-info would be")]
    [InlineData("run --input state.bin --replay r --record state.bin", "--record would be")]
    [InlineData("run --input state.bin --replay r --record r", "--record would be written over --replay")]
    [InlineData("run --input state.bin --output a.bin --debug-info a.bin", "--output and --debug-info name")]
    [InlineData(
        "run --input state.bin --proof-at %5 --proof-fmt f-%d.bin --snapshot-at %7 --snapshot-fmt f-%d.bin",
        "--proof-fmt and --snapshot-fmt name")]
    [InlineData(
        "run --input state.bin --proof-at =5 --proof-fmt p.bin --output p.bin", "--output and --proof-fmt")]
    [InlineData(
        "run --input state.bin --output s-10.bin --snapshot-at %5 --snapshot-fmt s-%d.bin",
        "--output and --snapshot-fmt name")]
    [InlineData(
        "run --input s-0a.bin --proof-at %5 --proof-fmt s-%02x.bin --output=",
        "--proof-fmt would be written over --input")]
    [InlineData(
        "run --input state.bin --snapshot-at =5 --snapshot-fmt state.bin --output=",
        "--snapshot-fmt would be written over --input")]
    [InlineData("run --input - --meta - --output=", "--input - and --meta - would read")]
    [InlineData("run --input state.bin --output - --json", "--output - and --json")]
    [InlineData(
        "run --input state.bin --output= --proof-at =1 --proof-fmt - --json", "--proof-fmt - and --json")]
    [InlineData("run --input state.bin --output - --hash-at =1", "--output - and --hash-at")]
    [InlineData("witness --input state.bin --output state.bin", "--output would be written over --input")]
    [InlineData("witness --input state.bin --output - --json", "--output - and --json")]
    [InlineData("convert --input state.bin --output state.bin", "--output would be written over --input")]
    [InlineData("convert --input state.bin --output - --json", "--output - and --json")]
    [InlineData("trace build --dir t --input state.bin --replay r --record state.bin", "over --input")]
    [InlineData("trace proof --dir t --at 1 --proof-fmt - --json", "--proof-fmt - and --json")]
    public void NamesThatCollideAreRefusedBefore(string words, string message) =>
        IsRefusedBefore(words, message);

    [Theory]
    [InlineData("load-elf --type 2 --path guest.elf --out x.bin --meta loop/x.bin", "--out and --meta name")]
    [InlineData("load-elf --type 2 --path guest.elf --out x.bin --meta loop/loop/x.bin", "--out and --meta")]
    [InlineData("load-elf --type 2 --path guest.elf --out x.bin --meta dangling.bin", "--out and --meta")]
    [InlineData("load-elf --type 2 --path guest.elf --out - --meta /dev/stdout", "--out - and --meta /dev/")]
    [InlineData("load-elf --type 2 --path guest.elf --out= --meta /dev/fd/1 --json", "--meta /dev/fd/1 and")]
    [InlineData("run --input state.bin --output= --json --debug-info /dev/stdout", "/dev/stdout and --json")]
    [InlineData("run --input state.bin --output= --json --debug-info mine", "mine and --json would be")]
    [InlineData(
        "run --input state.bin --output= --hash-at =3 --proof-at =3 --proof-fmt /dev/stdout --json",
        "--proof-fmt /dev/stdout and --json")]
    [InlineData("run --input state.bin --output= --hash-at =3 --proof-at =3 --proof-fmt -", "and --hash-at")]
    [InlineData("run --input state.bin --output= --oracle-dir . --record -", "--record takes")]
    [InlineData("run --input state.bin --output= --oracle-dir . --record /dev/stdout", "--record takes")]
    [InlineData("run --input - --meta /dev/stdin --output=", "--input - and --meta /dev/stdin would read")]
    [InlineData("witness --input state.bin --output /dev/stdout", "/dev/stdout and the JSON report")]
    [InlineData("strace --input state.bin --oracle-dir . --record state.bin", "--record would be written")]
    [InlineData("strace --input state.bin --meta m.json --oracle-dir . --record m.json", "over --meta")]
    [InlineData("strace --input state.bin --replay r --record loop/r", "over --replay")]
    [InlineData("strace --input - --meta - --until 3", "--input - and --meta - would read")]
    [InlineData("verify --proof - --prestate -", "--proof - and --prestate - would read")]
    [InlineData("disassemble --input - --meta -", "--input - and --meta - would read")]
    [InlineData("trace proof --dir t --at 30 --proof-fmt t/first.culverin", "over files of --dir \"t\"")]
    [InlineData("trace proof --dir t --at 30 --proof-fmt t/%d.culverin", "over files of --dir")]
    [InlineData("trace proof --dir . --at 30 --proof-fmt loop/new-%d", "over files of --dir")]
    [InlineData("trace hash --dir t --at 30 --oracle-dir . --record t/first.culverin", "over files of --dir")]
    [InlineData(
        "run --input state.bin --meta= --output culverin-trace/first.bin --proof-at =3 --snapshot-at %9 "
            + "--snapshot-fmt s/%d.bin",
        "over files of the trace of --snapshot-fmt")]
    [InlineData(
        "strace --input state.bin --oracle-dir . --record "
            + "0101010101010101010101010101010101010101010101010101010101010101",
        "over files of --oracle-dir")]
    public void OtherNamesForTheSameAreRefusedToo(string words, string message) =>
        IsRefusedBefore(words, message);

    private void IsRefusedBefore(string words, string message)
    {
        _workshop.MakeEndless();
        _workshop.UnpackElf(new GuestVector(StateVersion.SingleThreaded2, "hello").ElfPath);
        File.CreateSymbolicLink(_workshop.File("linked.elf"), "guest.elf");
        File.CreateSymbolicLink(_workshop.File("loop"), ".");
        File.CreateSymbolicLink(_workshop.File("dangling.bin"), "loop/x.bin");
        File.CreateSymbolicLink(_workshop.File("mine"), "/dev/stdout");
        Directory.CreateDirectory(_workshop.File("t"));
        Directory.CreateDirectory(_workshop.File("culverin-trace"));
        string[] files = _workshop.FileNames;
        byte[] state = _workshop.Bytes("state.bin");
        CulverinResult result = Run(words).Expect(1);
        Assert.Contains(message, result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(state, _workshop.Bytes("state.bin"));
        Assert.Equal(files, _workshop.FileNames);
    }

    [Fact]
    public void DevicesAndOtherNamesDoNotCollide()
    {
        _workshop.Load(StateVersion.SingleThreaded2, "hello");
        Run("load-elf --type 2 --path guest.elf --out x.bin --meta /dev/null").Expect(0);
        Run("run --input state.bin.gz --output s-11.bin --snapshot-at %5 --snapshot-fmt s-%d.bin "
            + "--stop-at =12").Expect(0);

        // A run that goes on from its own snapshot, as op-challenger's do.
        Run("run --input s-5.bin --output= --snapshot-at %5 --snapshot-fmt s-%d.bin --stop-at =11").Expect(0);
        Run("run --input state.bin.gz --output= --proof-at =1 --proof-fmt /dev/stdout --stop-at =2")
            .Expect(0);

        // A recording in the folder that it is made of, whose names are those of keys.
        Run("strace --input state.bin.gz --until 9 --oracle-dir . --record all.record").Expect(0);
        Assert.Contains("all.record", _workshop.FileNames);
        Run("run --input state.bin.gz --output= --proof-fmt missing/p-%d.json --stop-at =2").Expect(0);
    }

    [Theory]
    [InlineData("run --input . --output= --meta=", "it is a folder")]
    [InlineData("load-elf --type 2 --path .", "it is a folder")]
    [InlineData("convert --input state.bin --output state.bin/x.bin", "is a file, not a folder")]
    [InlineData("trace build --dir state.bin --input state.bin", "\"state.bin\" is a file")]
    [InlineData("trace build --dir x", "A new trace needs --input")]
    public void WhatANameStandsForInsteadIsTold(string words, string message)
    {
        _workshop.MakeEndless();
        Assert.Contains(message, Run(words).Expect(1).ErrorOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--snapshot-at %5 --snapshot-fmt s-%d.bin", 10)]
    [InlineData("--proof-at %5 --proof-fmt s-%d.bin", 11)]
    public void WhenAFileFailsOnTheWayTheStateIsKept(string flags, int step)
    {
        _workshop.MakeEndless();
        Directory.CreateDirectory(_workshop.File("s-10.bin", "taken"));
        CulverinResult result = Run($"run --input state.bin --output out.bin {flags}").Expect(1);
        Assert.Contains("\"s-10.bin\" cannot be written", result.ErrorOutput, StringComparison.Ordinal);
        System.Text.Json.JsonElement state = Run("witness --input out.bin").Expect(0).WholeReport;
        Assert.Equal(step, state.GetProperty("step").GetInt32());
    }

    [Fact]
    public void APipeIsWrittenToAndStaysOne()
    {
        _workshop.MakeEndless();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string script = $"mkfifo p; {program} convert --input state.bin --output out.bin; "
            + $"(cat p > got.bin) & {program} witness --input state.bin --output p > json; wait; "
            + $"test -p p && {program} witness --input state.bin --output >(cat > got2.bin) > json; sleep 1; "
            + "cmp got.bin got2.bin";
        Culverin.RunOther(_workshop.Path, "bash", ["-c", script], []).Expect(0);
        Assert.NotEmpty(_workshop.Bytes("got.bin"));
    }

    [Fact]
    public void DisassembledProgramsComeFromStandardInputToo()
    {
        _workshop.Load(StateVersion.SingleThreaded2, "hello");
        string words = "disassemble --function main.main --path ";
        string expected = Run($"{words}guest.elf").Expect(0).Output;
        Assert.Equal(expected, Feed($"{words}-", _workshop.Bytes("guest.elf")).Expect(0).Output);
    }

    [Fact]
    public void AProgramComesFromStandardInput()
    {
        _workshop.Load(StateVersion.SingleThreaded2, "hello");
        byte[] elf = _workshop.Bytes("guest.elf");
        Feed("load-elf --type 2 --path - --out a.bin.gz --meta a.json", elf).Expect(0);
        Assert.Equal(_workshop.Bytes("state.bin.gz"), _workshop.Bytes("a.bin.gz"));
        Assert.Equal(_workshop.Bytes("meta.json"), _workshop.Bytes("a.json"));
        CulverinResult analysis = Feed("analyze --path - --type 2 --json", elf);
        Assert.Equal(Run("analyze --path guest.elf --type 2 --json").Output, analysis.Output);
        Feed("load-elf --type 2 --path - --out= --meta=", [1, 2, 3]).Expect(1);
    }

    [Fact]
    public void ACompressedStateIsReadWhateverItsName()
    {
        _workshop.Load(StateVersion.SingleThreaded2, "hello");
        string expected = Run("witness --input state.bin.gz").Expect(0).Output;
        File.Copy(_workshop.File("state.bin.gz"), _workshop.File("state.bin"));
        Assert.Equal(expected, Run("witness --input state.bin").Expect(0).Output);
    }

    [Fact]
    public void AVersionIsNamedByItsNumberToo()
    {
        var vector = new GuestVector(StateVersion.MultiThreaded64V5, "hello");
        _workshop.UnpackElf(vector.ElfPath);
        string report = Run("load-elf --type 7 --path guest.elf --out= --meta= --json").Expect(0).Output;
        Assert.Contains("\"stateVersion\": 7", report, StringComparison.Ordinal);
        CulverinResult refused = Run("load-elf --type 9 --path guest.elf").Expect(1);
        Assert.Contains("(8)", refused.ErrorOutput, StringComparison.Ordinal);
        Run("analyze --path guest.elf --type 8").Expect(0);
    }

    [Fact]
    public void AMissingMetaFileIsToldHowToDoWithout()
    {
        _workshop.MakeEndless();
        File.Delete(_workshop.File("meta.json"));
        CulverinResult result = Run("run --input state.bin --output= --stop-at =5").Expect(1);
        Assert.Contains("--meta= (", result.ErrorOutput, StringComparison.Ordinal);
        Run("run --input state.bin --output= --stop-at =5 --meta=").Expect(0);
    }

    [Theory]
    [InlineData("run --json", "invalidArgument")]
    [InlineData("run --json --bogus 5", "invalidArgument")]
    [InlineData("--json", "invalidArgument")]
    [InlineData("nonsense --json", "invalidArgument")]
    [InlineData("run --input state.bin --stop-at nonsense --json", "invalidArgument")]
    [InlineData("trace nonsense -json", "invalidArgument")]
    [InlineData("witness --input missing.bin --json=true", "fileAccess")]
    public void ErrorsOfTheCommandLineAreReportsToo(string words, string error)
    {
        CulverinResult result = Run(words).Expect(1);
        Assert.Equal("error", result.LastReport.GetProperty("report").GetString());
        Assert.Equal(error, result.LastReport.GetProperty("error").GetString());
        Assert.Equal(1, result.LastReport.GetProperty("schemaVersion").GetInt32());
        Assert.Single(result.Reports);
        Assert.Contains("error: ", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version --json")]
    [InlineData("--json --version")]
    [InlineData("-json=true -v")]
    [InlineData("version --json")]
    public void TheVersionIsAReportToo(string words)
    {
        System.Text.Json.JsonElement report = Run(words).Expect(0).WholeReport;
        Assert.Equal("version", report.GetProperty("report").GetString());
        string version = $"culverin version {report.GetProperty("version").GetString()}\n";
        Assert.Equal(version, Run("--version").Expect(0).Output);
    }

    private CulverinResult Run(string words) => _workshop.Run(words.Split(' '));

    private CulverinResult Feed(string words, byte[] input)
    {
        using Culverin program = Culverin.Start(_workshop.Path, words.Split(' '));
        program.Feed(input);
        return program.WaitForExit();
    }
}
