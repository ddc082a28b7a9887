using System.Globalization;
using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands.Run;

/// <summary>The flags of run that need no pre-images.</summary>
public sealed class RunTests
{
    private static readonly string[] Input = ["run", "--input", "state.bin.gz"];

    [Fact]
    public void DefaultsAreTheReferences()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        CulverinResult result = workshop.Run(Input).Expect(0);
        Assert.Equal("", result.Output);
        Assert.Contains("out.bin.gz", workshop.FileNames);
        Assert.Contains(
            "level=INFO msg=\"Loaded input state\" module=vm version=singlethreaded-2\n", result.ErrorOutput,
            StringComparison.Ordinal);
        Assert.Contains(
            "level=INFO msg=processing module=vm step=0 pc=", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Contains(
            "level=INFO msg=\"Execution stopped\" module=vm exited=true code=7", result.ErrorOutput,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ManyProofsComeFromOneRun()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] flags = ["--proof-at", "=5,=9,%1000", "--proof-fmt", "p/%05d.json.gz"];
        Directory.CreateDirectory(workshop.File("p"));
        JsonElement summary = workshop.Run([.. Input, .. flags, "--json"]).Expect(0).LastReport;
        Assert.Equal(6, summary.GetProperty("proofs").GetInt32());
        Assert.Equal(
            ["00000", "00005", "00009", "01000", "02000", "03000"],
            workshop.FileNames.Where(name => name.StartsWith('p')).Select(name => name[2..7]));
        workshop.Run("verify", "--proof", "p/03000.json.gz").Expect(0);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("interpreter")]
    [InlineData("translator")]
    public void EveryEngineEndsAsRecorded(string engine)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.MultiThreaded64V5, "mtquirks64");
        JsonElement summary = workshop.Run([.. Input, "--engine", engine, "--json"]).Expect(0).LastReport;
        Assert.Equal(vector.FinalHash, summary.GetProperty("stateHash").GetString());
        Assert.Equal(vector.Steps, summary.GetProperty("step").GetUInt64());
    }

    [Fact]
    public void OtherEnginesAreRefused()
    {
        using var workshop = new Workshop();
        Assert.Contains(
            "--engine takes auto, interpreter or translator, not \"fast\".",
            workshop.Run([.. Input, "--engine", "fast"]).Expect(1).ErrorOutput,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ProofsGoToStandardOutput()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] flags = ["--proof-at", "=5,=9", "--stop-at", "=10", "--output="];
        string text = workshop.Run([.. Input, .. flags, "--proof-fmt", "-"]).Expect(0).Output;
        workshop.Run([.. Input, .. flags]).Expect(0);
        Assert.Equal(workshop.Text("proof-5.json") + workshop.Text("proof-9.json"), text);
        Assert.DoesNotContain("-", workshop.FileNames);
    }

    [Fact]
    public void SnapshotsFireAtTheFirstStepTooAndContinue()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run([.. Input, "--snapshot-at", "%1000"]).Expect(0);
        Assert.Equal(
            ["state-0.bin.gz", "state-1000.bin.gz", "state-2000.bin.gz", "state-3000.bin.gz"],
            workshop.FileNames.Where(name => name.StartsWith("state-", StringComparison.Ordinal)));
        workshop.Run(
            "run", "--input", "state-2000.bin.gz", "--snapshot-at", "%1000", "--snapshot-fmt", "again-%d.bin",
            "--output", "end.bin").Expect(0);
        Assert.Equal(
            ["again-2000.bin", "again-3000.bin"],
            workshop.FileNames.Where(name => name.StartsWith("again-", StringComparison.Ordinal)));
        JsonElement end = workshop.Run("witness", "--input", "end.bin").Expect(0).WholeReport;
        Assert.Equal(vector.FinalHash, end.GetProperty("witnessHash").GetString());
    }

    [Fact]
    public void StopAtComesBeforeSnapshotAndProof()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        CulverinResult result = workshop.Run(
        [
            .. Input, "--stop-at", "=7", "--snapshot-at", "=7", "--proof-at", "=7", "--hash-at", "=7",
            "--json",
        ]);
        Assert.Equal("stopAt", result.Expect(0).LastReport.GetProperty("outcome").GetString());
        Assert.Equal(7UL, result.LastReport.GetProperty("step").GetUInt64());
        Assert.Equal(2, result.Reports.Count);
        Assert.Equal(["guest.elf", "meta.json", "out.bin.gz", "state.bin.gz"], workshop.FileNames);
        Assert.Contains("msg=\"Reached stop at\"", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExitedStateStaysAsItIs()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run(Input).Expect(0);
        CulverinResult again = workshop.Run(
            "run", "--input", "out.bin.gz", "--output", "again.bin.gz", "--proof-at", "always", "--json");
        Assert.Equal(vector.Steps, again.Expect(0).LastReport.GetProperty("step").GetUInt64());
        Assert.Equal(0, again.LastReport.GetProperty("proofs").GetInt32());
    }

    // The counter starts again at 0, as the reference's does.
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void StepsBehindTheEndOfTheCounterMatchToo(StateVersion version)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless(version, ulong.MaxValue - 1);
        string[] flags = ["run", "--input", "state.bin", "--meta=", "--output=", "--stop-at", "=5"];
        string hashes = workshop.Run([.. flags, "--hash-at", "always"]).Expect(0).Output;
        Assert.Equal(
            ["18446744073709551614", "18446744073709551615", "0", "1", "2", "3", "4", "5"],
            hashes.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[0]));
        string[] lines = hashes.Split('\n');
        Assert.Equal(
            $"{lines[2]}\n{lines[6]}\n", workshop.Run([.. flags, "--hash-at", "%4"]).Expect(0).Output);
        string[] proofs = ["--proof-at", "=18446744073709551615,=1", "--proof-fmt", "-"];
        string output = workshop.Run([.. flags, .. proofs]).Expect(0).Output;
        Assert.Equal(2, output.Split("\"step\":").Length - 1);
        JsonElement end = workshop.Run([.. flags, "--json"]).Expect(0).LastReport;
        Assert.Equal(5UL, end.GetProperty("step").GetUInt64());
    }

    // As op-challenger calls it: the index that is kept beside the snapshots ends with the counter.
    [Fact]
    public void TheIndexOfARunEndsWithTheCounter()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless(StateVersion.MultiThreaded64V5, ulong.MaxValue - 1500);
        Directory.CreateDirectory(workshop.File("game", "snapshots"));
        string[] flags =
        [
            "run", "--meta=", "--output=", "--proof-at", "=700", "--proof-fmt", "proof-%d.json",
            "--stop-at", "=2001", "--snapshot-at", "%1000", "--snapshot-fmt", "game/snapshots/%d.bin",
        ];
        for (int round = 0; round < 2; round++)
        {
            workshop.Run([.. flags, "--input", "state.bin"]).Expect(0);
            Assert.Contains("proof-700.json", workshop.FileNames);
            File.Delete(workshop.File("proof-700.json"));
        }

        // No index begins before the snapshot of step 0, which is behind the end of the counter.
        workshop.Run([.. flags, "--input", "game/snapshots/0.bin"]).Expect(0);
        Assert.Contains("proof-700.json", workshop.FileNames);
    }

    [Fact]
    public void InfoAtLogsWhatTheReferenceLogs()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        string[] flags = ["--info-at", "%100000", "--stop-at", "=200001"];
        string log = workshop.Run([.. Input, .. flags]).Expect(0).ErrorOutput;
        string[] lines =
            [.. log.Split('\n').Where(line => line.Contains("processing", StringComparison.Ordinal))];
        Assert.Equal(3, lines.Length);
        Assert.Matches(
            @"^level=INFO msg=processing module=vm step=100000 pc=00048c38 insn=3c173333 ips=\d+ pages=335 "
                + @"mem=""1\.3 MiB"" name=runtime\.\(\*pageBits\)\.popcntRange$",
            lines[1]);
    }

    [Fact]
    public void DebugInfoAndDebugAreWritten()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] flags = ["--debug-info", "d.json", "--debug", "--pprof.cpu"];
        CulverinResult result = workshop.Run([.. Input, .. flags]).Expect(0);
        JsonElement info = JsonDocument.Parse(workshop.Text("d.json")).RootElement;
        Assert.Equal(vector.Steps, info.GetProperty("total_steps").GetUInt64());
        Assert.Contains("msg=\"Stopped in\"", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Contains("--pprof.cpu has no effect", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonStatesOfVersion0GoRound()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded, "quirks");
        workshop.Run([.. Input, "--output", "half.json", "--stop-at", "=2000"]).Expect(0);
        workshop.Run("run", "--input", "half.json", "--output", "end.json.gz").Expect(0);
        JsonElement end = workshop.Run("witness", "--input", "end.json.gz").Expect(0).WholeReport;
        Assert.Equal(vector.FinalHash, end.GetProperty("witnessHash").GetString());
    }

    [Fact]
    public void APanicEndsWith2AndLeavesTheStateBeforeIt()
    {
        using var workshop = new Workshop();
        workshop.MakeFailing();
        CulverinResult result = workshop.Run(
            "run", "--input", "state.bin", "--snapshot-on-error", "failed-%d.bin.gz", "--json").Expect(2);
        Assert.Equal(["failed-1.bin.gz", "meta.json", "state.bin"], workshop.FileNames);
        JsonElement report = result.LastReport;
        Assert.Equal("guestPanic", report.GetProperty("error").GetString());
        Assert.Equal(1UL, report.GetProperty("step").GetUInt64());
        string[] lines = result.ErrorOutput.TrimEnd('\n').Split('\n');
        Assert.StartsWith(
            "level=ERROR msg=\"Execution failed\" module=vm step=1 pc=00094abc name=_rt0_mips_linux",
            lines[^3],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "error: The guest cannot execute step 1 at pc 0x00094abc", lines[^1], StringComparison.Ordinal);
        JsonElement state = workshop.Run("witness", "--input", "failed-1.bin.gz").Expect(0).WholeReport;
        Assert.Equal(1UL, state.GetProperty("step").GetUInt64());

        workshop.Run("run", "--input", "state.bin", "--proof-at", "=1").Expect(2);
        Assert.Equal(["failed-1.bin.gz", "meta.json", "state.bin"], workshop.FileNames);
    }

    [Theory]
    [InlineData("--proof-at", "--proof-fmt", "no/proof-%d.json")]
    [InlineData("--snapshot-at", "--snapshot-fmt", "no/state-%d.bin.gz")]
    [InlineData("--proof-at", "--proof-fmt", "/proc/proof-%d.json")]
    [InlineData("--snapshot-at", "--snapshot-fmt", "meta.json/%d.bin")]
    public void AFileThatCannotBeWrittenLeavesNothing(string pattern, string format, string name)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] before = workshop.FileNames;
        string error = workshop.Run([.. Input, pattern, "=5", format, name]).Expect(1).ErrorOutput;
        Assert.Contains("error: ", error, StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames);
    }

    [Fact]
    public void AnOutputThatCannotBeWrittenIsAnError()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] before = workshop.FileNames;
        Directory.CreateDirectory(workshop.File("folder.bin"));
        workshop.Run([.. Input, "--output", "folder.bin"]).Expect(1);
        workshop.Run([.. Input, "--output", "/proc/out.bin"]).Expect(1);
        Assert.Equal(before, workshop.FileNames);
    }

    [Fact]
    public void ManyStepsAreNamedInOneFlag()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string pattern = string.Join(',', Enumerable.Range(0, 3000).Select(
            step => string.Create(CultureInfo.InvariantCulture, $"={step}")));
        string output = workshop.Run([.. Input, "--hash-at", pattern, "--output="]).Expect(0).Output;
        Assert.Equal(3000, output.Count(character => character == '\n'));
    }
}
