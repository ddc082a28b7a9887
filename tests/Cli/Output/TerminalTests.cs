using Xunit;

namespace Culverin.Cli.Tests.Output;

/// <summary>What a person at a terminal sees, and what a file gets instead.</summary>
public sealed class TerminalTests
{
    private const string Escape = "\u001b";

    // The interpreter, because progress is shown only of runs that take a while.
    private static readonly string[] Command =
        ["run", "--input", "state.bin", "--output=", "--stop-at", "=600000000", "--engine", "interpreter"];

    [Fact]
    public void ATerminalShowsProgress()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string screen = RunOnTerminal(workshop, ("TERM", "xterm"), ("NO_COLOR", "")).Output;
        Assert.Contains(" M steps/s", screen, StringComparison.Ordinal);
        Assert.Contains(" %", screen, StringComparison.Ordinal);
        Assert.Contains(" left", screen, StringComparison.Ordinal);
        Assert.Contains($"\r{Escape}[K", screen, StringComparison.Ordinal);
    }

    /// <summary>The first part of the run on a wide terminal, the rest on a narrow one.</summary>
    [Fact]
    public void ProgressFitsTheTerminalAsItIsNow()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string script = $"stty cols 132; {program} run --input state.bin --output= --stop-at =60000000000 & "
            + "sleep 4; stty cols 40; sleep 2; kill $!; wait $!";
        string screen = Culverin.RunOther(
            workshop.Path, "script", ["-qec", script, "/dev/null"], [("TERM", "xterm")]).Expect(130).Output;
        int[] lengths = [.. screen.Split('\r', '\n')
            .Where(line => line.Contains("] ", StringComparison.Ordinal))
            .Select(line => line.Replace($"{Escape}[K", "", StringComparison.Ordinal).Length)];
        Assert.InRange(lengths.Max(), 80, 131);
        Assert.InRange(lengths[^1], 30, 39);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("proof")]
    public void QuestionsToATraceShowProgress(string verb)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        workshop.Run("trace", "build", "--dir", "t", "--input", "state.bin", "--until", "9").Expect(0);
        string screen = OnTerminal(
            workshop,
            ["trace", verb, "--dir", "t", "--at", "5,300000000", "--engine", "interpreter"],
            ("TERM", "xterm")).Expect(0).Output;
        Assert.Contains("1 of 2 answered  step ", screen, StringComparison.Ordinal);
        Assert.Contains(" of 300,000,000  ", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void ADumbTerminalGetsLinesOnly()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string screen = RunOnTerminal(workshop, ("TERM", "dumb")).Output;
        Assert.Contains("msg=\"Reached stop at\"", screen, StringComparison.Ordinal);
        Assert.DoesNotContain(Escape, screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public void NoColorIsHonoured(string noColor, bool isRed)
    {
        using var workshop = new Workshop();
        string[] command = ["witness", "--input", "missing"];
        CulverinResult result = OnTerminal(workshop, command, ("TERM", "xterm"), ("NO_COLOR", noColor));
        Assert.Contains("error: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(isRed, result.Output.Contains($"{Escape}[31m", StringComparison.Ordinal));
    }

    [Fact]
    public void AFileGetsLinesOnly()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        CulverinResult result = workshop.Run(Command).Expect(0);
        Assert.DoesNotContain(Escape, result.ErrorOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("steps/s", result.ErrorOutput, StringComparison.Ordinal);
    }

    private static CulverinResult RunOnTerminal(Workshop workshop, params (string, string)[] environment) =>
        OnTerminal(workshop, Command, environment).Expect(0);

    /// <summary>script(1), which every Linux distribution has, gives the program a terminal.</summary>
    private static CulverinResult OnTerminal(
        Workshop workshop, string[] arguments, params (string, string)[] environment)
    {
        string command = string.Join(' ', Culverin.Command.Concat(arguments).Select(word => $"'{word}'"));
        return Culverin.RunOther(workshop.Path, "script", ["-qec", command, "/dev/null"], environment);
    }
}
