using Culverin.Execute;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Translate;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Execute;

/// <summary>
/// Breakpoints and watched memory stop every engine exactly where plain stepping meets them, whatever was
/// translated before.
/// </summary>
public sealed class StopPointTests(ITestOutputHelper output)
{
    private const int ProgramCount = 12;
    private const ulong StepsMax = 3000;
    private const ulong WarmSteps = 200;
    private const ulong DataStart = 0x0100_0000;
    private const int DataBytes = 3 * 4096;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void StopsAreThoseOfPlainStepping(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int stops = 0;
        for (int number = 0; number < ProgramCount; number++)
        {
            stops += Compare(seed + number, version);
        }

        Assert.True(stops > 0, $"seed {seed}: nothing stopped");
    }

    /// <summary>The program of version 8 ends in front of an address with a breakpoint.</summary>
    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void AnEndIsNoBreakpoint(StateVersion version) => _ = Compare(11791278, version);

    private static int Compare(int seed, StateVersion version)
    {
        var random = new Random(seed);
        var points = new StopPoints();
        ulong[] addresses = AddressesOf(seed, version);
        for (int count = 0; count < 3; count++)
        {
            points.Breakpoints.Add(addresses[random.Next(addresses.Length)]);
        }

        for (int count = 0; count < 3; count++)
        {
            ulong start = DataStart + (ulong)random.Next(DataBytes);
            points.Watch(new WatchedRange(start, (ulong)random.Next(1, 600), OnRead: false, OnWrite: true));
        }

        List<Stop> stops = Stops(seed, version, points, EngineKind.Auto);
        Assert.Equal(Stops(seed, version, points, EngineKind.Interpreter), stops);
        Judge(seed, version, points, stops);
        return stops.Count;
    }

    private static ulong[] AddressesOf(int seed, StateVersion version)
    {
        using Machine machine = Create(seed, version, EngineKind.Interpreter);
        HashSet<ulong> addresses = [];
        _ = PlainSteps(machine, () => addresses.Add(machine.ProgramCounter), () => { });
        return [.. addresses];
    }

    // Plain stepping knows the breakpoints, and those writes that change something.
    private static void Judge(int seed, StateVersion version, StopPoints points, List<Stop> stops)
    {
        using Machine machine = Create(seed, version, EngineKind.Interpreter);
        List<ulong> breakpoints = [];
        List<ulong> changes = [];
        HashSet<ulong> stores = [];
        string before = "";
        bool isStore = false;
        ulong end = PlainSteps(
            machine,
            () =>
            {
                bool isInstruction = StepReason.KindOf(machine.Image) == SchedulerStep.Instruction;
                if (isInstruction && points.Breakpoints.Contains(machine.ProgramCounter))
                {
                    breakpoints.Add(machine.Step);
                }

                uint word = machine.Image.Memory.ReadUInt32(machine.ProgramCounter & ~3UL);
                string mnemonic = new Disassembler(machine.Features).Disassemble(0, word).Mnemonic;
                isStore = isInstruction && mnemonic[0] == 's';
                before = Watched(machine, points);
            },
            () =>
            {
                if (isStore)
                {
                    stores.Add(machine.Step);
                }

                if (Watched(machine, points) != before)
                {
                    changes.Add(machine.Step);
                }
            });
        ulong[] found =
            [.. stops.Where(stop => stop.Why == MachineStop.Breakpoint).Select(stop => stop.Step)];
        Assert.True(
            breakpoints.Where(step => step >= WarmSteps && step < end).SequenceEqual(found), $"seed {seed}");
        HashSet<ulong> written =
            [.. stops.Where(stop => stop.Why == MachineStop.Watchpoint).Select(stop => stop.Step)];
        Assert.True(written.IsSubsetOf(stores), $"seed {seed}: a stop behind what is no store");
        bool isComplete = written.IsSupersetOf(changes.Where(step => step > WarmSteps));
        Assert.True(isComplete, $"seed {seed}: a change unnoticed");
    }

    private static string Watched(Machine machine, StopPoints points)
    {
        string all = "";
        foreach (WatchedRange range in points.Ranges)
        {
            byte[] bytes = new byte[range.SizeBytes];
            machine.Image.Memory.ReadBytes(range.Start, bytes);
            all += Convert.ToHexString(bytes);
        }

        return all;
    }

    private static ulong PlainSteps(Machine machine, Action before, Action after)
    {
        try
        {
            while (!machine.Exited && machine.Step < StepsMax)
            {
                before();
                machine.ExecuteStep();
                after();
            }
        }
        catch (CulverinException)
        {
            // The step that cannot be executed may have a breakpoint.
            return machine.Step + 1;
        }

        return machine.Step;
    }

    private static List<Stop> Stops(int seed, StateVersion version, StopPoints points, EngineKind engine)
    {
        using Machine machine = Create(seed, version, engine);
        List<Stop> stops = [];
        try
        {
            // Hot code first, so that stops are set into what is translated already.
            _ = machine.Run(new RunLimits { UntilStep = WarmSteps });
            for (bool passesFirst = false; ;)
            {
                MachineStop why = machine.RunToStop(points, StepsMax, passesFirst, default);
                passesFirst = why == MachineStop.Breakpoint;
                if (why is MachineStop.StepReached or MachineStop.Exited)
                {
                    break;
                }

                stops.Add(new Stop(
                    machine.Step,
                    why,
                    why == MachineStop.Watchpoint ? machine.StoppedBy : null,
                    Convert.ToHexStringLower(machine.StateHash())));
            }
        }
        catch (CulverinException)
        {
            // The run ends where the program fails.
        }

        return stops;
    }

    private sealed record Stop(ulong Step, MachineStop Why, WatchedRange? Range, string Hash);

    private static Machine Create(int seed, StateVersion version, EngineKind engine) => Machine.Create(
        new RandomProgram(seed, version).Create(),
        new MachineOptions
        {
            Engine = engine,
            Oracle = RandomSteps.CreateOracle(),
            Tuning = TranslatorTuning.Default with { HotCount = 2 },
        });
}
