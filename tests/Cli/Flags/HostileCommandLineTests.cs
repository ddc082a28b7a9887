using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Flags;

/// <summary>Wrong command lines end with 1 and one sentence, and leave nothing behind.</summary>
public sealed class HostileCommandLineTests
{
    [Theory]
    [InlineData("bogus")]
    [InlineData("--bogus")]
    [InlineData("run")]
    [InlineData("run --input")]
    [InlineData("run --inpt state.bin.gz")]
    [InlineData("run state.bin.gz")]
    [InlineData("run --input missing.bin.gz")]
    [InlineData("run --input guest.elf")]
    [InlineData("run --input meta.json")]
    [InlineData("run --input state.bin.gz --meta missing.json")]
    [InlineData("run --input state.bin.gz --meta state.bin.gz")]
    [InlineData("run --input state.bin.gz --proof-at %0")]
    [InlineData("run --input state.bin.gz --stop-at 5")]
    [InlineData("run --input state.bin.gz --info-at %x")]
    [InlineData("run --input state.bin.gz --proof-at always --proof-fmt proof.json")]
    [InlineData("run --input state.bin.gz --proof-at =1 --proof-fmt %s")]
    [InlineData("run --input state.bin.gz --output out.json")]
    [InlineData("run --input state.bin.gz --output out.txt")]
    [InlineData("run --input state.bin.gz --output no/folder/out.bin.gz")]
    [InlineData("run --input state.bin.gz --snapshot-fmt state-%d.json")]
    [InlineData("run --input state.bin.gz --stop-at-preimage xyz")]
    [InlineData("run --input state.bin.gz --stop-at-preimage-type nothing")]
    [InlineData("run --input state.bin.gz --stop-at-preimage-larger-than many")]
    [InlineData("run --input state.bin.gz --stop-at-preimage-larger-than -1")]
    [InlineData("run --input state.bin.gz --preimage-max-bytes 99999999999")]
    [InlineData("run --input state.bin.gz --preimage-timeout soon")]
    [InlineData("run --input state.bin.gz --json=perhaps")]
    [InlineData("run --input state.bin.gz --debug --meta=")]
    [InlineData("run --input state.bin.gz --record r.bin")]
    [InlineData("run --input state.bin.gz --oracle-dir . --replay r.bin")]
    [InlineData("run --input state.bin.gz --oracle-dir . -- server")]
    [InlineData("run --input state.bin.gz --oracle-dir missing")]
    [InlineData("run --input state.bin.gz --replay missing")]
    [InlineData("run --input state.bin.gz -- ./missing-server --flag")]
    [InlineData("run --input state.bin.gz @flags")]
    [InlineData("load-elf --type singlethreaded-2")]
    [InlineData("load-elf --path guest.elf")]
    [InlineData("load-elf --type multithreaded64-9 --path guest.elf")]
    [InlineData("load-elf --type singlethreaded-2 --path missing.elf")]
    [InlineData("load-elf --type singlethreaded-2 --path state.bin.gz")]
    [InlineData("load-elf --type singlethreaded-2 --path guest.elf --out x.txt")]
    [InlineData("load-elf --type singlethreaded-2 --path guest.elf -- server")]
    [InlineData("load-elf --type singlethreaded-2 --path .")]
    [InlineData("load-elf --type singlethreaded-2 --path /dev/zero")]
    [InlineData("witness")]
    [InlineData("witness --input missing.bin.gz")]
    [InlineData("witness --input .")]
    [InlineData("list extra")]
    [InlineData("verify --proof missing.json")]
    [InlineData("verify --proof meta.json")]
    [InlineData("verify --proof meta.json --type none")]
    [InlineData("analyze --path meta.json")]
    [InlineData("help bogus")]
    public void IsRefusedWithASentence(string commandLine)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] before = workshop.FileNames;
        CulverinResult result = workshop.Run(commandLine.Split(' ')).Expect(1);
        Assert.Equal("", result.Output);
        string[] lines = result.ErrorOutput.TrimEnd('\n').Split('\n');
        Assert.StartsWith("error: ", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith(".", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames);
    }

    [Theory]
    [InlineData("-input state.bin.gz -output= -meta meta.json -stop-at =5 -json")]
    [InlineData("--input=state.bin.gz --output= --stop-at==5 --json=true")]
    [InlineData("--input missing --input state.bin.gz --output= --stop-at =5 -json=1")]
    [InlineData("--input state.bin.gz --output= --stop-at =0x5 --json --pprof.cpu")]
    [InlineData("--input state.bin.gz --output= --stop-at =9,=5 --json --debug")]
    public void FlagsAreReadAsGoDoes(string flags)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        CulverinResult result = workshop.Run(["run", .. flags.Split(' ')]).Expect(0);
        Assert.Equal(5UL, result.LastReport.GetProperty("step").GetUInt64());
    }

    [Fact]
    public void AValueMayLookLikeAFlag()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run("run", "--input", "state.bin.gz", "--output", "--json.bin", "--stop-at", "=1").Expect(0);
        Assert.Contains("--json.bin", workshop.FileNames);
    }

    [Fact]
    public void AnErrorIsAlsoAReport()
    {
        using var workshop = new Workshop();
        CulverinResult result = workshop.Run("witness", "--input", "missing.bin", "--json").Expect(1);
        Assert.Equal("fileAccess", result.LastReport.GetProperty("error").GetString());
        Assert.Equal(1, result.LastReport.GetProperty("schemaVersion").GetInt32());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("")]
    [InlineData("run --help")]
    [InlineData("run -help")]
    [InlineData("help run")]
    [InlineData("load-elf --help")]
    [InlineData("witness -h")]
    [InlineData("list --help")]
    [InlineData("verify --help")]
    [InlineData("analyze --help")]
    [InlineData("trace")]
    [InlineData("trace --help")]
    [InlineData("trace help")]
    [InlineData("help trace")]
    [InlineData("trace help hash")]
    [InlineData("trace hash --help")]
    public void HelpIsData(string commandLine)
    {
        using var workshop = new Workshop();
        CulverinResult result =
            workshop.Run(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Expect(0);
        Assert.Contains("Usage: culverin", result.Output, StringComparison.Ordinal);
        Assert.Contains("130 interrupted", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.ErrorOutput);
    }

    [Fact]
    public void TheVersionIsOneLine()
    {
        using var workshop = new Workshop();
        Assert.Matches(@"^culverin version \d+\.\d+\.\d+\S*\n$", workshop.Run("--version").Expect(0).Output);
    }
}
