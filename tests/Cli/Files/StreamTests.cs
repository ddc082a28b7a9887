using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Files;

/// <summary>
/// Standard streams: one descriptor each however many lines there are, a reader that goes away, a log that
/// nobody can take.
/// </summary>
public sealed class StreamTests
{
    /// <summary>More lines than descriptors are allowed; the .NET host needs some 150 for itself.</summary>
    private const int LineCount = 700;

    private const string NoOutput = "run --input state.bin --meta= --output= ";

    private const string Endless = "run --input state.bin --meta= --output saved.bin";

    [Theory]
    [InlineData(NoOutput + "--hash-at always --stop-at =700", 701)]
    [InlineData(NoOutput + "--hash-at always --json --stop-at =700", 702)]
    [InlineData(NoOutput + "--proof-at always --proof-fmt - --stop-at =700", 5600)]
    [InlineData("trace hash --dir t --at STEPS", 700)]
    [InlineData("trace hash --dir t --json --at STEPS", 700)]
    [InlineData("trace proof --dir t --proof-fmt - --at STEPS", 5600)]
    public void ALineCostsNoDescriptor(string commandLine, int lines)
    {
        using Workshop workshop = MakeEndless();
        string steps = string.Join(',', Enumerable.Range(0, LineCount));
        CulverinResult result = Shell(
            workshop, $"ulimit -n 400; exec {Program} {commandLine.Replace("STEPS", steps)}").Expect(0);
        Assert.Equal(lines, result.Output.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData(Endless + " --hash-at always")]
    [InlineData(Endless + " --hash-at always --json")]
    [InlineData(Endless + " --proof-at always --proof-fmt -")]
    [InlineData(Endless + " --snapshot-at always --snapshot-fmt -")]
    [InlineData("run --input state.bin --meta= --output - --stop-at =5")]
    [InlineData("convert --input state.bin --output -")]
    [InlineData("trace hash --dir t --at STEPS")]
    [InlineData("trace hash --dir t --at STEPS --json")]
    [InlineData("trace proof --dir t --proof-fmt - --at STEPS")]
    [InlineData("list")]
    [InlineData("list --json")]
    [InlineData("help")]
    [InlineData("--version")]
    [InlineData("witness --input state.bin --json")]
    [InlineData("witness --input state.bin --output -")]
    [InlineData("witness --input missing --json")]
    [InlineData("trace info --dir t")]
    public void AReaderThatGoesAwayEndsItQuietly(string commandLine)
    {
        using Workshop workshop = MakeEndless();
        string steps = string.Join(',', Enumerable.Range(0, LineCount));
        string command = commandLine.Replace("STEPS", steps);

        // The reader is gone before the program writes its first line.
        CulverinResult result = Shell(
            workshop, $"({{ sleep 0.3; {Program} {command}; echo $? > code; }} | true); sync; cat code");
        Assert.Equal("141\n", result.Output);
        Assert.DoesNotContain("error", result.ErrorOutput, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("xception", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(commandLine.StartsWith(Endless), workshop.FileNames.Contains("saved.bin"));
    }

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("2>&-")]
    [InlineData("2>&1 | true")]
    public void ALogThatNobodyTakesEndsNothing(string redirection)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        const string Run = "run --input state.bin.gz --info-at %100 --hash-at %1000";
        CulverinResult good = Shell(workshop, $"{Program} {Run} --output good.bin").Expect(0);
        Shell(
            workshop, $"{{ {Program} {Run} --output bad.bin > hashes; echo $? > code; }} {redirection}");
        Assert.Equal("0\n", workshop.Text("code"));
        Assert.Equal(good.Output, workshop.Text("hashes"));
        Assert.Equal(workshop.Bytes("good.bin"), workshop.Bytes("bad.bin"));
        Shell(workshop, $"{{ {Program} witness --input missing; echo $? > code; }} {redirection}");
        Assert.Equal("1\n", workshop.Text("code"));
        Shell(workshop, $"{{ {Program} --bogus; echo $? > code; }} {redirection}");
        Assert.Equal("1\n", workshop.Text("code"));
    }

    [Fact]
    public void NoFileTakesThePlaceOfAClosedStream()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        const string Snapshots = "--snapshot-at %1000 --snapshot-fmt s-%d.bin";
        const string Run = $"run --input state.bin.gz --info-at %100 {Snapshots}";
        Shell(workshop, $"{Program} {Run} --output good.bin").Expect(0);
        byte[][] good = [.. workshop.FileNames.Where(IsSnapshot).Select(workshop.Bytes)];
        Shell(workshop, $"{Program} {Run} --output bad.bin <&- >&- 2>&-").Expect(0);
        Assert.Equal(workshop.Bytes("good.bin"), workshop.Bytes("bad.bin"));
        Assert.Equal(good, workshop.FileNames.Where(IsSnapshot).Select(workshop.Bytes));
    }

    [Theory]
    [InlineData("witness --input -")]
    [InlineData("load-elf --type 8 --path - --out x.bin")]
    [InlineData("analyze --path -")]
    [InlineData("verify --proof -")]
    [InlineData("run --input - --output x.bin")]
    [InlineData("run --input state.bin --meta - --output x.bin")]
    [InlineData("convert --input - --output x.bin")]
    [InlineData("strace --input -")]
    [InlineData("trace build --dir t --input -")]
    public void AClosedInputIsAnErrorAndNotWaitedFor(string commandLine)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string[] before = [.. workshop.FileNames];
        CulverinResult result = Shell(workshop, $"exec timeout 60 {Program} {commandLine} <&-").Expect(1);
        Assert.Contains(
            "error: Standard input cannot be read: it is closed.",
            result.ErrorOutput,
            StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames);
    }

    [Theory]
    [InlineData(">/dev/full")]
    [InlineData(">&-")]
    public void OutputThatCannotBeWrittenIsAnError(string redirection)
    {
        using Workshop workshop = MakeEndless();
        foreach (string command in (string[])
            ["list", "help", "convert --input state.bin --output -", Endless + " --hash-at always"])
        {
            CulverinResult result = Shell(workshop, $"{Program} {command} {redirection}").Expect(1);
            Assert.Contains(
                "error: Standard output cannot be written: ", result.ErrorOutput, StringComparison.Ordinal);
        }

        Assert.Contains("saved.bin", workshop.FileNames);
    }

    private static string Program => string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));

    private static bool IsSnapshot(string name) => name.StartsWith("s-", StringComparison.Ordinal);

    private static Workshop MakeEndless()
    {
        var workshop = new Workshop();
        workshop.MakeEndless();
        workshop.Run("trace", "build", "--dir", "t", "--input", "state.bin", "--until", "1000").Expect(0);
        return workshop;
    }

    private static CulverinResult Shell(Workshop workshop, string script) =>
        Culverin.RunOther(workshop.Path, "sh", ["-c", script], []);
}
