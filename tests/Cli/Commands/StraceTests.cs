using System.Text.Json;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`strace`.</summary>
public sealed class StraceTests
{
    [Fact]
    public void SystemCallsAreLinesUpToTheOneThatPanics()
    {
        using var workshop = new Workshop();
        Load(workshop, "callmkdir.64.go119.elf", "multithreaded64-5");
        string[] before = workshop.FileNames;
        string[] command = ["strace", "--input", "state.bin.gz", "--meta", "meta.json"];
        CulverinResult result = workshop.Run(command).Expect(2);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Matches("^ *[0-9]+ +0 sched_getaffinity\\(0x0, .*\\) = 0$", lines[0]);
        Assert.Matches("^ *[0-9]+ +0 mkdirat\\(0xffffffffffffff9c, 0x[0-9a-f]+, 0x1c0\\) = \\?$", lines[^1]);
        Assert.Contains("no system call 5248", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames);
        CulverinResult json = workshop.Run([.. command, "--only", "mkdirat", "--json"]).Expect(2);
        Assert.Equal(
            ["syscall", "error"], json.Reports.Select(report => report.GetProperty("report").GetString()));
        Assert.Equal(JsonValueKind.Null, json.Reports[0].GetProperty("result").ValueKind);
        Assert.Equal(5248, json.Reports[0].GetProperty("number").GetInt32());
    }

    [Fact]
    public void WhatIsWrittenIsShown()
    {
        using var workshop = new Workshop();
        Load(workshop, "callwrite.go119.elf", "singlethreaded-2");
        string output = workshop.Run("strace", "--input", "state.bin.gz", "--only", "write,exit_group")
            .Expect(0).Output;
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.EndsWith(" write(1, \"written\\n\", 8) = 8", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" exit_group(0) = ?", lines[1], StringComparison.Ordinal);
        Assert.Equal("", workshop.Run("strace", "--input", "state.bin.gz", "--until", "10").Expect(0).Output);
    }

    [Theory]
    [InlineData("nosuch", "there is no system call \"nosuch\"")]
    [InlineData("write,wirte", "there is no system call \"wirte\"")]
    [InlineData(",", "names no system call")]
    public void UnknownNamesAreTold(string names, string message)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        CulverinResult result = workshop.Run(
            "strace", "--input", "state.bin", "--until", "9", "--only", names).Expect(1);
        Assert.Contains(message, result.ErrorOutput, StringComparison.Ordinal);
        workshop.Run("strace", "--input", "state.bin", "--until", "9", "--only", "write, system call 7")
            .Expect(0);
    }

    private static void Load(Workshop workshop, string elf, string type)
    {
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        workshop.Run("load-elf", "--type", type, "--path", "guest.elf").Expect(0);
    }
}
