using System;
using System.Diagnostics;
using System.Text.Json;
using System.Threading;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>SIGINT and SIGTERM stop a run between two steps without losing what was done.</summary>
public sealed class InterruptionTests
{
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(Culverin.SignalInterrupt)]
    [InlineData(Culverin.SignalTerminate)]
    public void ARunIsSavedAndGoesOn(int signal)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        using Culverin program = Culverin.Start(
            workshop.Path, "run", "--input", "state.bin", "--output", "saved.bin.gz", "--json");
        Thread.Sleep(RunTime);
        var watch = Stopwatch.StartNew();
        program.Signal(signal);
        CulverinResult result = program.WaitForExit().Expect(130);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        Assert.Equal("interrupted", result.LastReport.GetProperty("outcome").GetString());
        ulong step = result.LastReport.GetProperty("step").GetUInt64();
        JsonElement saved = workshop.Run("witness", "--input", "saved.bin.gz").Expect(0).WholeReport;
        Assert.Equal(step, saved.GetProperty("step").GetUInt64());
        Assert.True(step > 0);
        Assert.False(saved.GetProperty("exited").GetBoolean());
        workshop.Run("run", "--input", "saved.bin.gz", "--stop-at", $"={step + 5}").Expect(0);
    }

    [Fact]
    public void ProofsAtEveryStepAreInterruptedToo()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        using Culverin program = Culverin.Start(
            workshop.Path, "run", "--input", "state.bin", "--proof-at", "always", "--proof-fmt", "-");
        Thread.Sleep(RunTime);
        program.Signal(Culverin.SignalInterrupt);
        program.WaitForExit().Expect(130);
        Assert.Contains("out.bin.gz", workshop.FileNames);
    }

    [Fact]
    public void AWaitForASilentServerIsInterrupted()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "preimage");
        using Culverin program = Culverin.Start(
            workshop.Path, ["run", "--input", "state.bin.gz", "--", .. Culverin.Server, "--mode", "silent"]);
        Thread.Sleep(RunTime);
        program.Signal(Culverin.SignalInterrupt);
        CulverinResult result = program.WaitForExit().Expect(130);
        Assert.Contains("msg=\"Execution interrupted\"", result.ErrorOutput, StringComparison.Ordinal);
        JsonElement saved = workshop.Run("witness", "--input", "out.bin.gz").Expect(0).WholeReport;

        // The saved state is before the read; with a server that answers all is as if nothing had been.
        GuestVector vector = new(StateVersion.SingleThreaded2, "preimage");
        Assert.True(saved.GetProperty("step").GetUInt64() < vector.Proofs()[^1].Step);
        string[] rest = ["run", "--input", "out.bin.gz", "--oracle-dir", vector.OracleFolder!, "--json"];
        JsonElement end = workshop.Run(rest).Expect(0).LastReport;
        Assert.Equal(vector.FinalHash, end.GetProperty("stateHash").GetString());
    }
}
