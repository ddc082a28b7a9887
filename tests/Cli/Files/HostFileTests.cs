using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Files;

/// <summary>Pipes instead of files, temporary files, file modes, folders that are not ours.</summary>
public sealed class HostFileTests
{
    [Theory]
    [InlineData("run --meta= --output= --input PIPE")]
    [InlineData("run --input state.bin.gz --output= --meta PIPE")]
    [InlineData("trace build --dir t2 --input PIPE")]
    [InlineData("load-elf --type singlethreaded-2 --out= --meta= --path PIPE")]
    [InlineData("verify --proof PIPE")]
    [InlineData("witness --input PIPE")]
    [InlineData("convert --output x.bin --input PIPE")]
    public void APipeIsWaitedForUntilTheFirstSignal(string commandLine)
    {
        using Workshop workshop = MakeWithPipe();
        int signal = (commandLine.Length % 3) switch { 0 => 1, 1 => Culverin.SignalInterrupt, _ => 15 };
        using Culverin program = Culverin.Start(
            workshop.Path, commandLine.Replace("PIPE", "pipe", StringComparison.Ordinal).Split(' '));

        // Opening returns when the program has opened its end; it then waits for the first byte.
        using FileStream writer = new(workshop.File("pipe"), FileMode.Open, FileAccess.Write);
        Thread.Sleep(200);
        program.Signal(signal);
        program.WaitForExit().Expect(130);
    }

    [Theory]
    [InlineData("run --input state.bin.gz --output= --replay PIPE")]
    [InlineData("run --input state.bin.gz --output= --oracle-dir pipes")]
    [InlineData("run --output= --input pipe.culverin")]
    [InlineData("trace hash --dir first --at 5")]
    public void WhereAPipeCannotServeItIsRefusedAtOnce(string commandLine)
    {
        using Workshop workshop = MakeWithPipe();
        workshop.Load(StateVersion.SingleThreaded2, "preimage");
        Directory.CreateDirectory(workshop.File("pipes"));
        Directory.CreateDirectory(workshop.File("first"));
        string[] keys = [.. Directory.GetFiles(
            new GuestVector(StateVersion.SingleThreaded2, "preimage").OracleFolder!)
            .Select(path => $"pipes/{Path.GetFileName(path)}")];
        Shell(workshop, $"mkfifo pipe.culverin first/first.culverin {string.Join(' ', keys)}").Expect(0);
        using Culverin program = Culverin.Start(
            workshop.Path, commandLine.Replace("PIPE", "pipe", StringComparison.Ordinal).Split(' '));
        CulverinResult result = program.WaitForExit().Expect(1);
        Assert.Contains(
            commandLine.StartsWith("trace", StringComparison.Ordinal) ? "missing or damaged" : "It is a pipe",
            result.ErrorOutput,
            StringComparison.Ordinal);
    }

    /// <summary>The limit of ulimit -f ends programs that do not expect it, by SIGXFSZ.</summary>
    [Theory]
    [InlineData("run --input state.bin.gz --meta= --output x.bin --stop-at =5", false)]
    [InlineData("run --input state.bin.gz --meta= --output x.culverin --stop-at =5", true)]
    [InlineData("run --input state.bin.gz --meta= --snapshot-at =5 --snapshot-fmt %d.bin --output=", false)]
    [InlineData("load-elf --type singlethreaded-2 --path guest.elf --meta= --out x.bin", false)]
    [InlineData("convert --input state.bin.gz --output x.culverin", true)]
    [InlineData("trace build --dir . --input state.bin.gz --until 5", false)]
    public void AFileThatGetsTooLargeIsAnError(string commandLine, bool isIgnored)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        string[] before = [.. workshop.FileNames];
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));

        // .NET writes machine code by way of a file in memory, to which the limit applies, too.
        string limit = $"ulimit -f 8; {(isIgnored ? "trap '' XFSZ;" : "")}";
        CulverinResult result = Shell(
            workshop, $"export DOTNET_EnableWriteXorExecute=0; {limit} exec {program} {commandLine}")
            .Expect(1);
        Assert.Contains(
            "cannot be written: the file is too large", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames.Where(name => name is not ("lock" or "trace.lock")));
    }

    [Fact]
    public void SymbolsAreNotWrittenWithoutTheirState()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        string[] before = [.. workshop.FileNames];
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));

        // Room for the symbols, not for the state.
        Shell(
            workshop,
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 800; exec {program} "
                + "load-elf --type singlethreaded-2 --path guest.elf --meta m.json.gz --out x.bin")
            .Expect(1);
        Assert.Equal(before, workshop.FileNames);
    }

    [Fact]
    public void PipesInATracesFolderAreDamage()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        workshop.Run("trace", "build", "--dir", "t", "--input", "state.bin", "--until", "99").Expect(0);
        Shell(workshop, "mkfifo t/5-1.culverin t/preimages-7.record").Expect(0);
        workshop.Run("trace", "hash", "--dir", "t", "--at", "5").Expect(0);
    }

    [Fact]
    public void APipeThatIsWrittenIsRead()
    {
        using Workshop workshop = MakeWithPipe();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        Shell(
            workshop,
            $"(sleep 1; cat meta.json > pipe) & {program} run --input state.bin.gz --output= --meta pipe")
            .Expect(0);
    }

    [Theory]
    [InlineData("/dev/fd/3")]
    [InlineData("/proc/self/fd/3")]
    public void APipeByItsDescriptorIsOne(string name)
    {
        using Workshop workshop = MakeWithPipe();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string run = $"exec {program} run --input state.bin.gz --output= --meta {name} 3< pipe";
        Shell(workshop, $"(sleep 1; cat meta.json > pipe) & {run}").Expect(0);
        CulverinResult result = Shell(workshop, $": > pipe & {run}").Expect(1);
        Assert.Contains("nobody writes", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void APipeThatNobodyWritesIsGivenUp()
    {
        using Workshop workshop = MakeWithPipe();
        CulverinResult result = workshop.Run("witness", "--input", "pipe").Expect(1);
        Assert.Contains("nobody writes", result.ErrorOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    public void ASignalLeavesNoTemporaryFile(int signal)
    {
        using var workshop = new Workshop();
        workshop.MakeLarge();
        using Culverin program = Culverin.Start(
            workshop.Path, "convert", "--input", "large.bin", "--output", "large.bin.gz");
        Assert.True(SpinWait.SpinUntil(
            () => Directory.GetFiles(workshop.Path, ".culverin-*").Length > 0, TimeSpan.FromMinutes(1)));
        program.Signal(signal);
        program.WaitForExit().Expect(130);
        Assert.Equal(["large.bin"], workshop.FileNames);
    }

    [Fact]
    public void TemporaryFilesOfTheDeadAreSwept()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        File.WriteAllText(workshop.File(".culverin-0123456789ABCDEF.tmp"), "dead");
        using FileStream living = new(
            workshop.File(".culverin-FEDCBA9876543210.tmp"), FileMode.CreateNew, FileAccess.Write,
            FileShare.Read);
        workshop.Run("convert", "--input", "state.bin", "--output", "other.bin").Expect(0);
        Assert.Equal(
            [".culverin-FEDCBA9876543210.tmp", "meta.json", "other.bin", "state.bin"], workshop.FileNames);
    }

    [Theory]
    [InlineData("022", "755")]
    [InlineData("077", "700")]
    [InlineData("002", "755")]
    public void TheUmaskIsRespected(string mask, string mode)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string program = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        Shell(workshop, $"umask {mask}; {program} convert --input state.bin --output other.bin").Expect(0);
        Assert.Equal($"{mode}\n", Shell(workshop, "stat -c %a other.bin").Expect(0).Output);
    }

    [Theory]
    [InlineData("witness", "--input")]
    [InlineData("run --meta=", "--input")]
    [InlineData("verify", "--proof")]
    [InlineData("trace info", "--dir")]
    [InlineData("analyze", "--path")]
    public void NamesDoNotSteerTheTerminal(string verb, string flag)
    {
        using var workshop = new Workshop();
        const string Name = "a\u001b[31mb\rc\nd\u009b1me\u202ef";
        CulverinResult result = workshop.Run([.. verb.Split(' '), flag, Name]).Expect(1);
        Assert.DoesNotContain('\u001b', result.ErrorOutput);
        Assert.DoesNotContain('\u009b', result.ErrorOutput);
        Assert.DoesNotContain('\u202e', result.ErrorOutput);
        Assert.DoesNotContain('\r', result.ErrorOutput);
        Assert.Contains(@"a\x1b[31mb\rc\nd\x9b1me\u202ef", result.ErrorOutput, StringComparison.Ordinal);
        result = workshop.Run(Name).Expect(1);
        Assert.Single(result.ErrorOutput.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain('\u001b', result.ErrorOutput);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("hash --at 1")]
    [InlineData("build")]
    public void AForeignFolderIsLeftAlone(string verb)
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        Directory.CreateDirectory(workshop.File("f"));
        File.WriteAllText(workshop.File("f", "1-2.culverin"), "mine");
        File.WriteAllText(workshop.File("f", ".culverin-0123456789ABCDEF.tmp"), "mine");
        string[] before = workshop.FileNames;
        CulverinResult result = workshop.Run(["trace", .. verb.Split(' '), "--dir", "f"]).Expect(1);
        Assert.Contains("There is no trace in \"f\"", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(before, workshop.FileNames);
    }

    [Fact]
    public void ATraceThatCannotBeWrittenCanBeAsked()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string[] build =
            ["trace", "build", "--dir", "t", "--input", "state.bin", "--spacing", "1000", "--until", "9999"];
        workshop.Run(build).Expect(0);
        const string Question = "trace hash --dir t --at 0,5000,9999,20000";
        string hashes = workshop.Run(Question.Split(' ')).Expect(0).Output;
        string[] before = workshop.FileNames;
        Shell(workshop, "chmod 755 . && chmod 555 t && chmod 444 t/*").Expect(0);
        string user = Environment.UserName == "root" ? "setpriv --reuid=65534 --clear-groups " : "";
        string program = user + string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        try
        {
            Assert.Equal(hashes, Shell(workshop, $"{program} {Question}").Expect(0).Output);
            Shell(workshop, $"{program} trace info --dir t").Expect(0);
            Shell(workshop, $"{program} trace proof --dir t --at 7000 --proof-fmt -").Expect(0);
            string refused = Shell(workshop, $"{program} trace build --dir t").Expect(1).ErrorOutput;
            Assert.Contains("cannot be written", refused, StringComparison.Ordinal);
            Assert.Equal(before, workshop.FileNames);
        }
        finally
        {
            Shell(workshop, "chmod 755 t").Expect(0);
        }
    }

    private static Workshop MakeWithPipe()
    {
        var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        Shell(workshop, "mkfifo pipe").Expect(0);
        return workshop;
    }

    private static CulverinResult Shell(Workshop workshop, string script) =>
        Culverin.RunOther(workshop.Path, "sh", ["-c", script], []);
}
