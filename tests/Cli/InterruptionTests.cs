using System.Text.Json;
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
    [InlineData(Culverin.SignalHangUp)]
    public void ARunIsSavedAndGoesOn(int signal)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        using Culverin program = Culverin.Start(
            workshop.Path, "run", "--input", "state.bin", "--output", "saved.bin.gz", "--json");
        program.WaitForLog("Loaded input state");
        Thread.Sleep(RunTime);
        program.Signal(signal);
        CulverinResult result = program.WaitForExit().Expect(130);
        Assert.Equal("interrupted", result.LastReport.GetProperty("outcome").GetString());
        ulong step = result.LastReport.GetProperty("step").GetUInt64();
        JsonElement saved = workshop.Run("witness", "--input", "saved.bin.gz").Expect(0).WholeReport;
        Assert.Equal(step, saved.GetProperty("step").GetUInt64());
        Assert.True(step > 0);
        Assert.False(saved.GetProperty("exited").GetBoolean());
        workshop.Run("run", "--input", "saved.bin.gz", "--stop-at", $"={step + 5}").Expect(0);
    }

    /// <summary>Killing script(1), which keeps the terminal's other end, is closing the window.</summary>
    [Theory]
    [InlineData("trap : HUP", 130)]
    [InlineData("trap '' HUP", 0)]
    public void ATerminalThatGoesAwayLosesNothing(string trap, int exitCode)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string stop = exitCode == 0 ? "--stop-at =200000000 --info-at %100000 --engine interpreter" : "";

        // The kernel tells the first shell, and when that has ended all that it had in front of the terminal.
        System.IO.File.WriteAllText(workshop.File("inner.sh"), $"""
            (
                {trap}
                {program} run --input state.bin --output saved.bin {stop} &
                wait $!
                code=$?
                while kill -0 $!; do wait $!; code=$?; done
                echo $code > code.tmp
                mv code.tmp code
            ) &
            wait

            """);
        Culverin.RunOther(
            workshop.Path,
            "sh",
            [
                "-c",
                "script -qfec 'sh inner.sh' /dev/null > screen & script=$!;"
                    + "while ! grep -q Loaded screen; do sleep 0.1; done; kill -9 $script;"
                    + "for n in $(seq 600); do [ -e code ] && exit 0; sleep 0.1; done; exit 1",
            ],
            [("TERM", "xterm")]).Expect(0);
        Assert.Equal($"{exitCode}\n", workshop.Text("code"));
        workshop.Run("witness", "--input", "saved.bin").Expect(0);
    }

    [Fact]
    public void ProofsAtEveryStepAreInterruptedToo()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        using Culverin program = Culverin.Start(
            workshop.Path, "run", "--input", "state.bin", "--proof-at", "always", "--proof-fmt", "-");
        program.WaitForLog("Loaded input state");
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
        program.WaitForLog("Loaded input state");
        Thread.Sleep(RunTime);
        program.Signal(Culverin.SignalInterrupt);
        CulverinResult result = program.WaitForExit().Expect(130);
        Assert.Contains("msg=\"Execution interrupted\"", result.ErrorOutput, StringComparison.Ordinal);
        JsonElement saved = workshop.Run("witness", "--input", "out.bin.gz").Expect(0).WholeReport;

        // The saved state is before the read; with a server that answers all is as if nothing had been.
        GuestVector vector = new(StateVersion.SingleThreaded2, "preimage");
        Assert.True(saved.GetProperty("step").GetUInt64() < vector.Proofs()[^1].Step);
        string[] rest =
        [
            "run", "--input", "out.bin.gz", "--output", "end.bin.gz", "--oracle-dir", vector.OracleFolder!,
            "--json",
        ];
        JsonElement end = workshop.Run(rest).Expect(0).LastReport;
        Assert.Equal(vector.FinalHash, end.GetProperty("stateHash").GetString());
    }
}
