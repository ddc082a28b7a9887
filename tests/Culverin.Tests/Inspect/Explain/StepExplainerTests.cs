using System.Text.RegularExpressions;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Inspect.Explain;

/// <summary>
/// What is said of a step is what plain stepping does, of random programs in every version.
/// </summary>
public sealed partial class StepExplainerTests(ITestOutputHelper output)
{
    private const int ProgramCount = 6;
    private const int StepCount = 120;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void ExplanationsEqualPlainSteps(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int changedWords = 0;
        for (int number = 0; number < ProgramCount; number++)
        {
            using Machine plain = new RandomProgram(seed + number, version).CreateMachine();
            using Machine explained = new RandomProgram(seed + number, version).CreateMachine();
            for (int step = 0; step < StepCount && !plain.Exited; step++)
            {
                string what = $"seed {seed + number}, step {step}";
                Dictionary<ulong, byte[]> before = Pages(plain.Image);
                byte[] preHash = plain.StateHash();
                ThreadView threadBefore = ThreadView.ActiveOf(plain.Image);
                StepExplanation explanation = new StepExplainer(explained, ProgramSymbols.Empty).Explain();
                Assert.Equal(preHash, explanation.PreHash);
                Assert.Equal(threadBefore.Registers, explanation.Before.Registers);
                try
                {
                    plain.ExecuteStep();
                }
                catch (CulverinException error)
                {
                    Assert.True(error.Message == explanation.Panic?.Message, what);
                    break;
                }

                Assert.Null(explanation.Panic);
                Assert.Equal(plain.StateHash(), explanation.PostHash);
                new StepVerifier(version).Verify(explanation.Proof!);
                changedWords += CompareMemory(before, plain.Image, explanation, what);
            }
        }

        Assert.True(changedWords > 0, "no word of memory was changed");
    }

    // The Go runtime's own word on who calls whom.
    [Theory]
    [InlineData("walker.go119.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.64.go119.elf", StateVersion.MultiThreaded64V5)]
    public void StacksAreThoseThatTheGoRuntimePrints(string name, StateVersion version)
    {
        ElfFile elf = OwnGuest.Read(name);
        var symbols = ProgramSymbols.Of(elf);
        var printed = new Printed();
        using var machine = Machine.Create(
            Loader.Load(elf, version), new MachineOptions { Output = printed });

        // There is one call of runtime.Callers in the program, which is put in place.
        ulong callers = symbols.FindFunction("runtime.callers")!.Start;
        string[] found = [];
        while (found.Length == 0)
        {
            machine.ExecuteStep();
            if (machine.ProgramCounter == callers)
            {
                found =
                [
                    .. new CallStack(machine.Image, symbols).Of(ThreadView.ActiveOf(machine.Image))
                        .SelectMany(frame => frame.Functions)
                        .SkipWhile(frame => frame.Function != "main.callers")
                        .Select(frame => $"{frame.Function} {frame.Place!.Line}"),
                ];
            }
        }

        _ = machine.Run(new RunLimits());
        string[] expected = [.. CallerLine().Matches(printed.Text).Select(match => match.Groups[1].Value)];
        Assert.Equal(3, expected.Length);

        // The runtime leaves out what the compiler makes of the word "go"; it is a call like any other.
        Assert.Equal(
            expected, found.Where(frame => !frame.StartsWith("main.main.func1 ", StringComparison.Ordinal)));
    }

    // On the system stack the walk goes on with the goroutine that changed to it.
    [Theory]
    [InlineData("walker.go119.elf", StateVersion.SingleThreaded2)]
    [InlineData("walker.64.go119.elf", StateVersion.MultiThreaded64V5)]
    public void StacksGoOnFromTheSystemStack(string name, StateVersion version)
    {
        ElfFile elf = OwnGuest.Read(name);
        var symbols = ProgramSymbols.Of(elf);
        using var machine = Machine.Create(Loader.Load(elf, version), new MachineOptions());
        int seen = 0;
        while (!machine.Exited && seen < 20)
        {
            machine.ExecuteStep();
            if (machine.Step % 97 != 0)
            {
                continue;
            }

            string[] stack =
            [
                .. new CallStack(machine.Image, symbols).Of(ThreadView.ActiveOf(machine.Image))
                    .Select(frame => frame.Functions[^1].Function),
            ];
            int change = Array.IndexOf(stack, "runtime.systemstack");
            if (change > 0 && stack.Contains("main.main"))
            {
                Assert.Contains("runtime.main", stack[change..]);
                Assert.Equal("runtime.goexit", stack[^1]);
                seen++;
            }
        }

        Assert.True(seen > 0, "nothing ran on the system stack for main.main");
    }

    [Fact]
    public void ProgramsOfOtherStatesAreRefused()
    {
        ElfFile elf = OwnGuest.Read("nested.elf");
        using Machine machine = OwnGuest.CreateMachine("nested.elf", StateVersion.SingleThreaded2);
        Assert.NotNull(ProgramMatch.SymbolsFor(elf, machine.Image));
        _ = machine.Run(new RunLimits { UntilStep = 5000 });
        Assert.NotNull(ProgramMatch.SymbolsFor(elf, machine.Image));
        ElfFile other = OwnGuest.Read("nested-dwarf4.elf");
        machine.Image.Memory.WriteUInt32(other.EntryPoint, 0);
        CulverinException error = Assert.Throws<CulverinException>(
            () => ProgramMatch.SymbolsFor(elf, machine.Image));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"0x{other.EntryPoint:x}", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<ulong, byte[]> Pages(MachineImage image) => image.Memory.PresentPages()
        .ToDictionary(
            page => page,
            page =>
            {
                byte[] bytes = new byte[GuestMemory.PageSizeBytes];
                image.Memory.ReadBytes(page << GuestMemory.PageShift, bytes);
                return bytes;
            });

    // The words that differ are exactly those that the explanation says to have changed.
    private static int CompareMemory(
        Dictionary<ulong, byte[]> before, MachineImage image, StepExplanation explanation, string what)
    {
        int size = image.Features.WordBits / 8;
        var changed = new HashSet<ulong>();
        foreach ((ulong page, byte[] bytes) in Pages(image))
        {
            ReadOnlySpan<byte> old = before.GetValueOrDefault(page) ?? new byte[bytes.Length];
            if (old.SequenceEqual(bytes))
            {
                continue;
            }

            for (int at = 0; at < bytes.Length; at += size)
            {
                if (!old.Slice(at, size).SequenceEqual(bytes.AsSpan(at, size)))
                {
                    changed.Add((page << GuestMemory.PageShift) + (ulong)at);
                }
            }
        }

        Assert.True(
            changed.SetEquals(explanation.Memory.Where(word => word.Before != word.After)
                .Select(word => word.Address)),
            what);
        return changed.Count;
    }

    [GeneratedRegex("caller ([^\n]+)")]
    private static partial Regex CallerLine();

    private sealed class Printed : Culverin.Execute.IGuestOutput
    {
        public string Text { get; private set; } = "";

        public void Write(int descriptor, ReadOnlySpan<byte> bytes) =>
            Text += System.Text.Encoding.ASCII.GetString(bytes);
    }
}
