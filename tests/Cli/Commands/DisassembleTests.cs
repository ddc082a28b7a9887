using System.Text.Json;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`disassemble` of programs and states.</summary>
public sealed class DisassembleTests
{
    [Fact]
    public void AProgramsFunctionIsPrinted()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath("callmkdir.64.go119.elf"));
        string[] command = ["disassemble", "--path", "guest.elf", "--function", "syscall.Mkdirat"];
        string output = workshop.Run(command).Expect(0).Output;
        Assert.Matches("^[0-9a-f]{16} <syscall\\.Mkdirat>:\n", output);
        Assert.Contains("# <syscall.Syscall>; mkdirat\n", output, StringComparison.Ordinal);
        Assert.Contains("sd      $ra, 0($sp)\n", output, StringComparison.Ordinal);
        JsonElement report = workshop.Run([.. command, "--json"]).Expect(0).WholeReport;
        Assert.Equal("disassemble", report.GetProperty("report").GetString());
        Assert.Equal(8, report.GetProperty("stateVersion").GetInt32());
        JsonElement function = Assert.Single(report.GetProperty("functions").EnumerateArray().ToArray());
        Assert.Equal(output.Split('\n').Length - 2, function.GetProperty("instructions").GetArrayLength());
    }

    [Fact]
    public void WhatTheVersionLacksIsTold()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath("callwrite.go119.elf"));
        string output = workshop.Run(
            "disassemble", "--path", "guest.elf", "--function", "runtime.save_g", "--type", "multithreaded")
            .Expect(0).Output;
        Assert.Contains(
            "# multithreaded: the version has no such instruction: the step cannot be executed", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AStateIsPrintedFromItsProgramCounter()
    {
        using var workshop = new Workshop();
        workshop.MakeFailing();
        string[] lines = workshop.Run("disassemble", "--input", "state.bin", "--meta", "meta.json").Expect(0)
            .Output.Split('\n');
        Assert.EndsWith(" <_rt0_mips_linux>:", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("=>", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("00000000  nop", lines[1], StringComparison.Ordinal);
        Assert.Contains("# singlethreaded-2: the version has no such", lines[2], StringComparison.Ordinal);
        string[] other = workshop.Run(
            "disassemble", "--input", "state.bin", "--from", "0x7fff0000", "--count", "2")
            .Expect(0).Output.Split('\n');
        Assert.Equal(["  7fff0000:  00000000  nop", "  7fff0004:  00000000  nop", ""], other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--path guest.elf --input state.bin.gz")]
    [InlineData("--path guest.elf --meta meta.json")]
    [InlineData("--path guest.elf --function none")]
    [InlineData("--path guest.elf --type multithreaded64-5")]
    [InlineData("--path guest.elf --type none")]
    [InlineData("--path guest.elf --from 2")]
    [InlineData("--path guest.elf --from x")]
    [InlineData("--path guest.elf --from 4 --function main.main")]
    [InlineData("--path guest.elf --count -1")]
    [InlineData("--path meta.json")]
    [InlineData("--input meta.json")]
    [InlineData("--input state.bin.gz --function main.main")]
    [InlineData("--input state.bin.gz --type singlethreaded")]
    [InlineData("--input state.bin.gz --count 9999999")]
    public void WrongRequestsAreRefused(string flags)
    {
        using var workshop = new Workshop();
        workshop.Load(Versions.StateVersion.SingleThreaded2, "quirks");
        CulverinResult result = workshop.Run(
            ["disassemble", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(1);
        Assert.Equal("", result.Output);
        Assert.StartsWith("error: ", result.ErrorOutput, StringComparison.Ordinal);
    }
}
