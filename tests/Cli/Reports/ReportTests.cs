using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Reports;

/// <summary>load-elf, witness, list, verify and analyze.</summary>
public sealed class ReportTests
{
    private static readonly string[] StateAndMeta = ["guest.elf", "meta.json", "state.bin.gz"];

    [Theory]
    [InlineData(StateVersion.SingleThreaded, "hello")]
    [InlineData(StateVersion.SingleThreaded2, "hello")]
    [InlineData(StateVersion.SingleThreaded2, "allinsn")]
    public void LoadElfMakesTheFirstState(StateVersion version, string guest)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, guest);
        Assert.Equal(StateAndMeta, workshop.FileNames);
        JsonElement witness = workshop.Run("witness", "--input", "state.bin.gz").Expect(0).WholeReport;
        Assert.Equal(vector.PrestateHash, witness.GetProperty("witnessHash").GetString());
        Assert.Equal((byte)version, witness.GetProperty("stateVersion").GetByte());
    }

    [Fact]
    public void LoadElfReportsInJson()
    {
        using var workshop = new Workshop();
        var vector = new GuestVector(StateVersion.SingleThreaded2, "hello");
        workshop.UnpackElf(vector.ElfPath);
        CulverinResult result = workshop.Run(
            "load-elf", "--type", "singlethreaded-2", "--path=guest.elf", "--out=", "--meta", "", "--json");
        JsonElement report = result.Expect(0).WholeReport;
        Assert.Equal(vector.PrestateHash, report.GetProperty("witnessHash").GetString());
        Assert.Equal("singlethreaded-2", report.GetProperty("type").GetString());
        Assert.True(report.GetProperty("symbols").GetInt32() > 1000);
        Assert.Equal(["guest.elf"], workshop.FileNames);
    }

    [Fact]
    public void StatesGoThroughPipes()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        byte[] state = workshop.Bytes("state.bin.gz");
        using Culverin program = Culverin.Start(workshop.Path, "witness", "--input", "-");
        program.Feed(state);
        JsonElement witness = program.WaitForExit().Expect(0).WholeReport;
        Assert.Equal(vector.PrestateHash, witness.GetProperty("witnessHash").GetString());

        string shell = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string pipe = $"{shell} run --input state.bin.gz --output - | {shell} witness --input -";
        CulverinResult last = Culverin.RunOther(workshop.Path, "/bin/sh", ["-c", pipe], []).Expect(0);
        Assert.Equal(vector.FinalHash, last.WholeReport.GetProperty("witnessHash").GetString());
    }

    [Fact]
    public void WitnessIsWrittenAsTheReferenceWritesIt()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run("run", "--input", "state.bin.gz").Expect(0);
        string text = workshop.Run("witness", "--input", "out.bin.gz", "--output", "w.bin").Expect(0).Output;
        string hex = "0x" + Convert.ToHexStringLower(workshop.Bytes("w.bin"));
        Assert.Equal(
            $$"""
            {
              "stateVersion": 2,
              "witnessHash": "{{vector.FinalHash}}",
              "witness": "{{hex}}",
              "step": {{vector.Steps}},
              "exited": true,
              "exitCode": {{vector.ExitCode}}
            }


            """.ReplaceLineEndings("\n"),
            text);
        JsonElement ours = workshop.Run("witness", "--input", "out.bin.gz", "--json").Expect(0).WholeReport;
        Assert.Equal(1, ours.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(hex, ours.GetProperty("witness").GetString());
    }

    [Fact]
    public void ListNamesEveryVersion()
    {
        using var workshop = new Workshop();
        string text = workshop.Run("list").Expect(0).Output;
        Assert.StartsWith("Available cannon versions:\n", text, StringComparison.Ordinal);
        Assert.Contains("\tversion: singlethreaded-2 (2)\n", text, StringComparison.Ordinal);
        JsonElement versions = workshop.Run("list", "--json").Expect(0).WholeReport.GetProperty("versions");
        Assert.Equal(
            FeatureSet.All.Select(features => features.Name),
            versions.EnumerateArray().Select(version => version.GetProperty("type").GetString()));
    }

    [Fact]
    public void VerifyTellsGoodProofsFromBad()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run("run", "--input", "state.bin.gz", "--proof-at", "=100", "--stop-at", "=101").Expect(0);
        Assert.Contains(
            "singlethreaded-2: valid", workshop.Run("verify", "--proof", "proof-100.json").Expect(0).Output,
            StringComparison.Ordinal);
        CulverinResult named = workshop.Run(
            "verify", "--proof", "proof-100.json", "--type", "singlethreaded-2", "--json");
        Assert.True(named.Expect(0).WholeReport.GetProperty("valid").GetBoolean());

        // Turn one digit of the hash after the step.
        string text = workshop.Text("proof-100.json");
        int digit = text.IndexOf("\"post\": \"0x03", StringComparison.Ordinal) + "\"post\": \"0x03".Length;
        char other = text[digit] == '0' ? '1' : '0';
        System.IO.File.WriteAllText(workshop.File("bad.json"), text[..digit] + other + text[(digit + 1)..]);
        CulverinResult bad = workshop.Run("verify", "--proof", "bad.json", "--json").Expect(3);
        Assert.False(bad.WholeReport.GetProperty("valid").GetBoolean());
        string words = workshop.Run("verify", "--proof", "bad.json").Expect(3).Output;
        Assert.Contains("invalid", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wide.64.elf", "multithreaded64-4", 7)]
    [InlineData("wide-v3.64.elf", "multithreaded64", 3)]
    [InlineData("worker.64.go123.elf", "multithreaded64-4", 7)]
    [InlineData("worker.go122.elf", "multithreaded", 1)]
    [InlineData("greedy.elf", "singlethreaded", 0)]
    public void AnalyzeNamesTheOldestVersionThatRunsAProgram(string elf, string name, int version)
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        string[] command = ["analyze", "--path", "guest.elf"];
        Assert.StartsWith(
            $"oldest version that runs it: {name} ({version})\n", workshop.Run(command).Expect(0).Output,
            StringComparison.Ordinal);
        JsonElement oldest = workshop.Run([.. command, "--json"]).Expect(0).WholeReport
            .GetProperty("oldestVersion");
        Assert.Equal(version, oldest.GetProperty("stateVersion").GetInt32());
        Assert.Equal(name, oldest.GetProperty("type").GetString());
    }

    [Fact]
    public void AnalyzeSaysWhenNoVersionRunsAProgram()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(new GuestVector(StateVersion.MultiThreaded64V5, "panic7").ElfPath);
        string[] command = ["analyze", "--path", "guest.elf"];
        Assert.StartsWith(
            "oldest version that runs it: none", workshop.Run(command).Expect(4).Output,
            StringComparison.Ordinal);
        JsonElement report = workshop.Run([.. command, "--json"]).Expect(4).WholeReport;
        Assert.Equal(JsonValueKind.Null, report.GetProperty("oldestVersion").ValueKind);
    }

    [Fact]
    public void AnalyzeSeesThatGo122NeedsVersion2()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(new GuestVector(StateVersion.SingleThreaded2, "hello").ElfPath);
        string[] command = ["analyze", "--path", "guest.elf"];
        CulverinResult old = workshop.Run([.. command, "--type", "singlethreaded"]).Expect(4);
        Assert.Contains("fcntl", old.Output, StringComparison.Ordinal);
        workshop.Run([.. command, "--type", "singlethreaded-2"]).Expect(0);
        JsonElement report = workshop.Run([.. command, "--json"]).Expect(0).WholeReport;
        JsonElement versions = report.GetProperty("versions");
        Assert.Equal("cannotRun", versions[0].GetProperty("verdict").GetString());
        Assert.NotEqual("cannotRun", versions[1].GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("callmkdir.64.go119.elf", "multithreaded64-5", 5, "The system call mkdirat in syscall.")]
    [InlineData("callwrite.go119.elf", "multithreaded-2", 5, "The system call fcntl64 in ")]
    [InlineData("callwrite.go119.elf", "singlethreaded-2", 0, "")]
    [InlineData("interpreted.elf", "multithreaded-2", 4, "it needs /lib/ld.so.1")]
    [InlineData("object.elf", "multithreaded-2", 4, "it is an object file, not a program")]
    public void AnalyzeSaysFirstWhatStopsAProgram(string elf, string type, int exitCode, string reason)
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        CulverinResult result =
            workshop.Run("analyze", "--path", "guest.elf", "--type", type).Expect(exitCode);
        Assert.Contains(reason, result.Output.Split('\n')[2], StringComparison.Ordinal);
        Assert.InRange(result.Output.Split('\n').Length, 3, 10);
    }

    [Fact]
    public void AnalyzeDoesNotSayRunsWhereANumberIsUnknown()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath("chooser.elf"));
        string[] command = ["analyze", "--path", "guest.elf"];
        Assert.StartsWith(
            "oldest version that runs it: none without a doubt", workshop.Run(command).Expect(6).Output,
            StringComparison.Ordinal);
        JsonElement report = workshop.Run([.. command, "--json"]).Expect(6).WholeReport;
        Assert.Equal("unknown", report.GetProperty("versions")[0].GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("interpreted.elf", "it needs /lib/ld.so.1")]
    [InlineData("object.elf", "it is an object file, not a program")]
    public void LoadElfRefusesWhatIsNoProgram(string elf, string reason)
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        CulverinResult result =
            workshop.Run("load-elf", "--type", "multithreaded-2", "--path", "guest.elf").Expect(1);
        Assert.Contains(reason, result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(["guest.elf"], workshop.FileNames);
    }
}
