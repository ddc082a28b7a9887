using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`debug`, driven by a real gdb, and by clients that are none.</summary>
public sealed partial class DebugTests(ITestOutputHelper output)
{
    [GdbTheory]
    [InlineData("walker.go119.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.64.go119.elf", StateVersion.MultiThreaded64V5)]
    public void AGoGuestIsWalkedToAndFro(string elf, StateVersion version)
    {
        using var workshop = new Workshop();
        string said = Session(workshop, elf, version, """
            break main.main
            continue
            next
            next
            next
            print 'main.visits'
            break main.walk if depth == 5
            continue
            print depth
            backtrace
            delete
            culverin-goto end
            print *'main.total'
            watch *'main.total'
            reverse-continue
            backtrace 1
            reverse-stepi
            monitor where
            """);
        Assert.Matches("Breakpoint 1, main\\.main \\(\\) at main\\.go:6[0-9]", said);
        Assert.Contains("$1 = 0\n", said, StringComparison.Ordinal);
        Assert.Matches("Breakpoint 2, main\\.walk \\(at=0x[0-9a-f]+, depth=5", said);
        Assert.Contains("$2 = 5\n", said, StringComparison.Ordinal);
        Assert.Matches("main\\.worker \\(results=0x[0-9a-f]+, rounds=20\\) at main\\.go:55", said);
        Assert.Contains("in runtime.goexit ()", said, StringComparison.Ordinal);
        Assert.Contains("$3 = 375\n", said, StringComparison.Ordinal);

        // The word changed once, from 0; later writes are of an equal value.
        Assert.Matches("Old value = 375\nNew value = 0\n", said);
        Assert.Matches("main\\.worker \\(results=0x[0-9a-f]+, rounds=20\\) at main\\.go:5[56]", said);
    }

    // The last write of an equal value, which gdb's own watch passes over.
    [GdbTheory]
    [InlineData("walker.go119.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.64.go119.elf", StateVersion.MultiThreaded64V5)]
    public void TheLastWriteOfAnEqualValueIsFound(string elf, StateVersion version)
    {
        using var workshop = new Workshop();
        ElfFile program = OwnGuest.Read(elf);
        ulong variable = program.Symbols.Single(symbol => symbol.Name == "main.total").Start;
        ulong word;
        using (Machine machine = OwnGuest.CreateMachine(elf, version))
        {
            _ = machine.Run(new RunLimits());
            word = machine.Features.WordBits == 32
                ? machine.Image.Memory.ReadUInt32(variable)
                : machine.Image.Memory.ReadUInt64(variable);
        }

        string said = Session(workshop, elf, version, $"""
            culverin-goto end
            culverin-last-write {word}
            print 'main.visits'
            culverin-last-write {word}
            print 'main.visits'
            """);
        Assert.Equal(2, Regex.Count(said, "main\\.worker at main\\.go:56"));
        Assert.Contains("$1 = 2540\n", said, StringComparison.Ordinal);
        Assert.Contains("$2 = 2413\n", said, StringComparison.Ordinal);
    }

    [GdbTheory]
    [InlineData("nested.elf", StateVersion.SingleThreaded2)]
    [InlineData("nested.64.elf", StateVersion.MultiThreaded64V5)]
    public void ACGuestIsWalkedToAndFro(string elf, StateVersion version)
    {
        using var workshop = new Workshop();
        string said = Session(workshop, elf, version, """
            break descend if depth == 3
            continue
            print sum
            up
            print depth
            finish
            reverse-finish
            reverse-continue
            delete
            watch visit_count
            continue
            continue
            reverse-continue
            delete
            tbreak with_table
            reverse-continue
            info registers sp
            reverse-step
            monitor hash
            set var visit_count = 5
            """);
        Assert.Matches("Breakpoint 1, descend \\(depth=(depth@entry=)?3, ", said);
        Assert.Matches("\\$2 = (4|<optimized out>)\n", said);
        Assert.Matches("Old value = 3\nNew value = 4\n", said);
        Assert.Contains("Cannot access memory", said, StringComparison.Ordinal);
        Assert.Matches("Temporary breakpoint 3, with_table \\(seed=", said);
        Assert.Matches("0x[0-9a-f]{64}\n", said);
    }

    // gdb and our own walk of the stack agree at random steps; what differs is told.
    [GdbTheory]
    [InlineData("nested.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.go119.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.64.go119.elf", StateVersion.MultiThreaded64V5)]
    public void StacksEqualGdbsAtRandomSteps(string elf, StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var workshop = new Workshop();
        using Machine machine = OwnGuest.CreateMachine(elf, version);
        var symbols = ProgramSymbols.Of(OwnGuest.Read(elf));
        _ = machine.Run(new RunLimits());
        ulong end = machine.Step;
        var random = new Random(seed);
        ulong[] steps = [.. Enumerable.Range(0, 40).Select(_ => (ulong)random.NextInt64((long)end)).Order()];
        var script = new StringBuilder();
        foreach (ulong step in steps)
        {
            script.Append(CultureInfo.InvariantCulture, $"culverin-goto {step}\n")
                .Append("echo @stack\\n\nbacktrace\necho @end\\n\n");
        }

        string[] answers = Session(workshop, elf, version, script.ToString()).Split("@stack\n")[1..];
        Assert.Equal(steps.Length, answers.Length);
        using Machine again = OwnGuest.CreateMachine(elf, version);
        int equal = 0;
        for (int number = 0; number < steps.Length; number++)
        {
            _ = again.Run(new RunLimits { UntilStep = steps[number] });
            string[] ours =
            [
                .. new CallStack(again.Image, symbols).Of(ThreadView.ActiveOf(again.Image))
                    .SelectMany(frame => frame.Functions).Select(frame => frame.Function),
            ];
            string[] gdbs = [.. FrameLine().Matches(answers[number].Split("@end\n")[0])
                .Select(match => match.Groups[1].Value)];

            // gdb may end earlier or later: at runtime.mstart, or where it guesses on without tables.
            int common = Math.Min(ours.Length, gdbs.Length);
            if (common > 0 && ours.AsSpan(0, common).SequenceEqual(gdbs.AsSpan(0, common)))
            {
                equal++;
            }
            else
            {
                output.WriteLine(
                    $"step {steps[number]}: {string.Join(" < ", ours)}; gdb {string.Join(" < ", gdbs)}");
            }
        }

        Assert.True(equal >= steps.Length * 8 / 10, $"seed {seed}: only {equal} of {steps.Length} are equal");
    }

    [Theory]
    [InlineData("$m0,ffffffff#00")]
    [InlineData("$vCont;s:zz#00$vCont;#00$vCont;r1:1#00")]
    [InlineData("$Z0,zz,4#00$Z2,ffffffff,10#00$Z2,0,ffffffffffffffff#00$Z9,0,0#00$z2,0,4#00")]
    [InlineData("$P25=zz#00$Pff=00000000#00$p999#00$P=#00$G00#00$M0,4:00000000#00$X0,4:#00")]
    [InlineData("$qXfer:features:read:target.xml:fffffff,1#00$qXfer:#00$qRcmd,6#00$qRcmd,zz#00$qRcmd,#00")]
    [InlineData("$Hgffff#00$H#00$Tzz#00$qThreadExtraInfo,zz#00$b#00$bx#00$v#00$#00$}")]
    [InlineData("no packet at all")]
    public void WhateverAClientSendsIsAnsweredOrRefused(string bytes)
    {
        using var workshop = new Workshop();
        Load(workshop, "nested.elf", StateVersion.SingleThreaded2);
        using Culverin program = Culverin.Start(
            workshop.Path, "debug", "--input", "state.bin.gz", "--port", "0", "--symbols", "guest.elf");
        program.WaitForLog("127.0.0.1:");
        program.WaitForLog("\n");
        string number = PortNumber().Match(program.LogSoFar).Groups[1].Value;
        int port = int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
        using (var client = new TcpClient())
        {
            client.Connect(IPAddress.Loopback, port);
            NetworkStream stream = client.GetStream();
            stream.Write(Encoding.Latin1.GetBytes("$QStartNoAckMode#b0"));
            stream.Write(Encoding.Latin1.GetBytes(bytes));
            stream.Write(Encoding.Latin1.GetBytes("$qC#b4$D#44"));
            stream.ReadTimeout = 60_000;
            var answers = new StringBuilder();
            byte[] buffer = new byte[4096];
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                answers.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            Assert.Contains("$OK#9a", answers.ToString(), StringComparison.Ordinal);
        }

        program.WaitForExit().Expect(0);
    }

    private static string Session(Workshop workshop, string elf, StateVersion version, string script)
    {
        Load(workshop, elf, version);
        string command = string.Join(
            ' ', [.. Culverin.Command, "debug", "--input", "state.bin.gz", "--symbols", "guest.elf"]);
        string commands = Path.Combine(RepositoryFiles.Root, "bindings", "cli", "culverin.gdb");
        File.WriteAllText(workshop.File("script"), $"""
            set pagination off
            set width 0
            source {commands}
            target remote | {command}
            {script}
            """);
        return Gdb.Run(workshop.File("guest.elf"), workshop.File("script"));
    }

    private static void Load(Workshop workshop, string elf, StateVersion version)
    {
        workshop.UnpackElf(OwnGuest.ElfPath(elf));
        workshop.Run("load-elf", "--type", FeatureSet.Of(version).Name, "--path", "guest.elf").Expect(0);
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex PortNumber();

    [GeneratedRegex(@"^#\d+ +(?:0x[0-9a-f]+ in )?([^ ]+(?:\([^ ]*\)[^ ]*)?) \(", RegexOptions.Multiline)]
    private static partial Regex FrameLine();
}
