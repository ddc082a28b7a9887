using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`explain` of steps of traces and states.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void AStepOfAStateIsExplained()
    {
        using var workshop = new Workshop();
        MakeNested(workshop);
        string output = workshop.Run("explain", "40000", "--input", "state.bin.gz", "--symbols", "guest.elf")
            .Expect(0).Output;
        Assert.StartsWith("step 40000 of singlethreaded-2\n", output, StringComparison.Ordinal);
        Assert.Contains(" addu    $v1, $sp, $v1\n", output, StringComparison.Ordinal);
        Assert.Contains("#1   00400280 with_frame at nested.c:54\n", output, StringComparison.Ordinal);
        Assert.Contains("v1     000002e4 -> 7fffca5c\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "896 bytes  memory proof of the instruction at 00400240\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ATraceSaysTheSameAsItsProofs(StateVersion version)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, "preimage");
        string[] source = ["--oracle-dir", vector.OracleFolder!];
        workshop.Run(
            ["trace", "build", "--dir", "trace", "--input", "state.bin.gz", "--spacing", "100000", .. source])
            .Expect(0);
        bool isPreimageSeen = false;
        foreach (JsonElement call in workshop.Run(["strace", "--input", "state.bin.gz", "--meta=", "--json",
            "--only", "read,write,exit_group", .. source]).Expect(0).Reports.TakeLast(12))
        {
            ulong step = call.GetProperty("step").GetUInt64();
            JsonElement explained = workshop.Run(
                "explain", "--at", $"{step}", "--dir", "trace", "--symbols", "guest.elf", "--json")
                .Expect(0).WholeReport;
            JsonElement proof = workshop.Run(
                "trace", "proof", "--dir", "trace", "--at", $"{step}", "--json").Expect(0).LastReport;
            AssertSame("preHash", proof, explained);
            AssertSame("postHash", proof, explained);
            JsonElement made = explained.GetProperty("syscallMade");
            AssertSame("name", call, made);
            AssertSame("arguments", call, made);
            isPreimageSeen |= explained.GetProperty("preimage").ValueKind == JsonValueKind.Object;
        }

        Assert.True(isPreimageSeen, "no step read a pre-image");
        JsonElement end = workshop.Run("explain", $"{ulong.MaxValue}", "--dir", "trace", "--json").Expect(0)
            .WholeReport;
        Assert.True(end.GetProperty("pastEnd").GetBoolean());
        Assert.Equal(vector.FinalHash, end.GetProperty("postHash").GetString());
    }

    [Fact]
    public void AStepThatCannotBeExecutedIsExplained()
    {
        using var workshop = new Workshop();
        workshop.MakeFailing();
        CulverinResult result = workshop.Run("explain", "1", "--input", "state.bin", "--meta", "meta.json")
            .Expect(2);
        Assert.Contains("The step cannot be executed: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("_rt0_mips_linux", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SymbolsAreFoundInAFolderByTheFirstStatesHash()
    {
        using var workshop = new Workshop();
        MakeNested(workshop);
        string hash = workshop.Run("witness", "--input", "state.bin.gz", "--json").Expect(0).WholeReport
            .GetProperty("witnessHash").GetString()!;
        Directory.CreateDirectory(workshop.File("symbols"));
        File.Copy(workshop.File("guest.elf"), workshop.File("symbols", hash + ".elf"));
        string[] command = ["explain", "100", "--symbols", "symbols"];
        string output = workshop.Run([.. command, "--input", "state.bin.gz"]).Expect(0).Output;
        Assert.Contains("nested.c:", output, StringComparison.Ordinal);
        workshop.Run("trace", "build", "--dir", "trace", "--input", "state.bin.gz").Expect(0);
        output = workshop.Run([.. command, "--dir", "trace"]).Expect(0).Output;
        Assert.Contains("nested.c:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain 1")]
    [InlineData("explain x --input state.bin.gz")]
    [InlineData("explain 1 2 --input state.bin.gz")]
    [InlineData("explain 1 --input state.bin.gz --dir trace")]
    [InlineData("explain 1 --dir none")]
    [InlineData("explain 1 --input state.bin.gz --symbols other.elf")]
    [InlineData("explain 1 --input state.bin.gz --symbols none.elf")]
    [InlineData("explain 1 --input state.bin.gz --symbols .")]
    [InlineData("explain 1 --input state.bin.gz --symbols guest.elf --meta meta.json")]
    public void WrongRequestsAreRefused(string words)
    {
        using var workshop = new Workshop();
        MakeNested(workshop);
        byte[] other = RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", "sieve.elf.gz"));
        File.WriteAllBytes(workshop.File("other.elf"), other);
        CulverinResult result = workshop.Run(words.Split(' ')).Expect(1);
        Assert.Equal("", result.Output);
        Assert.StartsWith("error: ", result.ErrorOutput, StringComparison.Ordinal);
    }

    private static void AssertSame(string field, JsonElement one, JsonElement other) =>
        Assert.Equal(one.GetProperty(field).GetString(), other.GetProperty(field).GetString());

    private static void MakeNested(Workshop workshop)
    {
        workshop.UnpackElf(OwnGuest.ElfPath("nested.elf"));
        workshop.Run("load-elf", "--type", "singlethreaded-2", "--path", "guest.elf").Expect(0);
    }
}
