using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`convert`: first states carried to newer versions.</summary>
public sealed class ConvertTests
{
    [Theory]
    [InlineData(StateVersion.MultiThreaded64V3, "hello", "8", "multithreaded64-5")]
    [InlineData(StateVersion.MultiThreaded64V3, "hello", "multithreaded64-4", "multithreaded64-4")]
    [InlineData(StateVersion.SingleThreaded, "quirks", "2", "singlethreaded-2")]
    public void EqualsLoadingTheProgramForTheNewVersion(
        StateVersion from, string guest, string to, string name)
    {
        using var workshop = new Workshop();
        workshop.Load(from, guest);
        workshop.Run("convert", "--input", "state.bin.gz", "--to", to, "--output", "new.bin").Expect(0);
        workshop.Run("load-elf", "--type", name, "--path", "guest.elf", "--out", "loaded.bin").Expect(0);
        Assert.Equal(workshop.Bytes("loaded.bin"), workshop.Bytes("new.bin"));
        string hash = workshop
            .Run("convert", "--input", "state.bin.gz", "--to", to, "--output", "new.bin", "--json")
            .Expect(0).WholeReport.GetProperty("witnessHash").GetString()!;
        Assert.Equal(
            hash,
            workshop.Run("witness", "--input", "new.bin").Expect(0).WholeReport.GetProperty("witnessHash")
                .GetString());
    }

    [Theory]
    [InlineData("7", "has 64-bit words")]
    [InlineData("0", "is older")]
    [InlineData("5", "has threads")]
    [InlineData("9", "not supported")]
    public void RefusesWithTheReason(string to, string reason)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        CulverinResult result =
            workshop.Run("convert", "--input", "state.bin.gz", "--to", to, "--output", "new.bin").Expect(1);
        Assert.Contains(reason, result.ErrorOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("new.bin", workshop.FileNames);
    }

    [Fact]
    public void RefusesAStateThatHasRun()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.MultiThreaded64V3, "hello");
        Assert.True(vector.Steps > 100);
        workshop.Run("run", "--input", "state.bin.gz", "--stop-at", "=100", "--output", "later.bin")
            .Expect(0);
        CulverinResult result =
            workshop.Run("convert", "--input", "later.bin", "--to", "8", "--output", "new.bin").Expect(1);
        Assert.Contains("at step 100", result.ErrorOutput, StringComparison.Ordinal);
    }
}
