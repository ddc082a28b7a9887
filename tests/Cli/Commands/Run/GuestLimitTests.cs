using System.Text.Json;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests.Commands.Run;

/// <summary>Guests that want more than there is, and programs for another kind of machine.</summary>
public sealed class GuestLimitTests
{
    private const int PagesInMebibyte = 256;

    [Theory]
    [InlineData("greedy.64.elf", "multithreaded64-5")]
    [InlineData("greedy.elf", "singlethreaded-2")]
    public void AGuestThatTouchesPageAfterPageEndsTheRunWithASentence(string elf, string type)
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        workshop.Run("load-elf", "--type", type, "--path", "guest.elf", "--meta=").Expect(0);
        string[] run =
        [
            "run", "--input", "state.bin.gz", "--meta=", "--snapshot-on-error", "stopped-%d.bin",
            "--memory-limit", "4",
        ];
        CulverinResult result = workshop.Run([.. run, "--json"]).Expect(1);
        Assert.Equal("limitExceeded", result.LastReport.GetProperty("error").GetString());
        Assert.Contains(
            "error: The guest's memory has grown to 1025 pages of 4096 bytes; the limit is 1024 (4 MiB).\n",
            result.ErrorOutput,
            StringComparison.Ordinal);
        Assert.DoesNotContain("out.bin.gz", workshop.FileNames);

        // What was saved is a state like any other: with more memory it goes on from there.
        string saved = Assert.Single(
            workshop.FileNames, name => name.StartsWith("stopped-", StringComparison.Ordinal));
        string step = saved["stopped-".Length..^".bin".Length];
        JsonElement whole = workshop.Run(
            "run", "--input", "state.bin.gz", "--meta=", "--stop-at", $"={step}", "--memory-limit", "0",
            "--json").Expect(0).LastReport;
        JsonElement state = workshop.Run("witness", "--input", saved).Expect(0).WholeReport;
        Assert.Equal(
            whole.GetProperty("stateHash").GetString(), state.GetProperty("witnessHash").GetString());
        Assert.Equal(4 * PagesInMebibyte + 1, whole.GetProperty("pages").GetInt32());
        workshop.Run("run", "--input", saved, "--meta=", "--memory-limit", "5").Expect(1);
    }

    [Fact]
    public void TheStandardLimitIsInTheHelp() => Assert.Matches(
        @"--memory-limit MIB\s+most memory of the guest in MiB; 0 for no limit\s+\(default\s+[1-9]",
        Culverin.Run(".", "run", "--help").Expect(0).Output);

    [Theory]
    [InlineData("-1")]
    [InlineData("lots")]
    [InlineData("99999999999")]
    public void OtherLimitsAreRefused(string limit)
    {
        using var workshop = new Workshop();
        CulverinResult result =
            workshop.Run("run", "--input", "state.bin", "--memory-limit", limit).Expect(1);
        Assert.Contains("--memory-limit takes a whole number", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("greedy.elf", "multithreaded64-5", "it is a 32-bit program and state version 8 has 64-bit")]
    [InlineData("greedy.elf", "multithreaded64", "it is a 32-bit program and state version 3 has 64-bit")]
    [InlineData("wide.64.elf", "singlethreaded", "it is a 64-bit program and state version 0 has 32-bit")]
    [InlineData("wide.64.elf", "multithreaded-2", "it is a 64-bit program and state version 5 has 32-bit")]
    public void ProgramsOfTheOtherWordSizeAreRefused(string elf, string type, string why)
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        CulverinResult result =
            workshop.Run("load-elf", "--type", type, "--path", "guest.elf").Expect(1);
        Assert.Contains(why, result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(["guest.elf"], workshop.FileNames);
    }
}
