using System.Text;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;
using InstructionDecoder = Culverin.Isa.Decoder;

namespace Culverin.Tests.Shared.Engines;

/// <summary>
/// Runs a case on its engines and step by step on the slow path (long cases: on the interpreter), compares at
/// every stop, and looks for the first step after which an engine differs.
/// </summary>
internal sealed class EngineComparison(EngineCase drawn)
{
    private const ulong StepsShown = 12;

    // Comparing more pages than this at every stop would take longer than running.
    private const int PagesAtEveryStop = 24;

    // A program that spreads over more slots of 1 TiB would take the host's address space from other cases.
    private const int SlotsMax = 8;

    private readonly IReadOnlyList<Stop> _stops = drawn.Stops();

    /// <summary>Steps compared.</summary>
    public ulong Steps { get; private set; }

    /// <summary>Runs the case.</summary>
    /// <returns>Null if all engines agree, else a report.</returns>
    public string? Run()
    {
        using Machine slow = drawn.CreateMachine(new MachineOptions { Engine = EngineKind.Interpreter });
        Machine[] engines = [.. drawn.Engines.Select(drawn.CreateMachine)];
        try
        {
            return Run(slow, engines);
        }
        finally
        {
            Steps = slow.Step;
            Array.ForEach(engines, engine => engine.Dispose());
        }
    }

    private string? Run(Machine slow, Machine[] engines)
    {
        HashSet<ulong> pages = [];
        for (int index = 0; index < _stops.Count; index++)
        {
            Stop stop = _stops[index];
            string expected = Advance(slow, stop, !drawn.IsLong);
            pages.UnionWith(slow.Image.Memory.DirtyPages);
            byte[]? witness = stop.TakesRoot ? slow.Witness() : null;
            for (int number = 0; number < engines.Length; number++)
            {
                if (Difference(slow, engines[number], stop, expected, pages, witness) is { } difference)
                {
                    return Report(drawn.Engines[number], index, difference);
                }
            }

            if (expected.Length > 0 || slow.Exited || SlotCount(pages) > SlotsMax)
            {
                break;
            }
        }

        return null;
    }

    private static int SlotCount(HashSet<ulong> pages) =>
        pages.Select(page => page >> (SparseMemory.SlotShift - GuestMemory.PageShift)).Distinct().Count();

    private static string? Difference(
        Machine slow, Machine engine, Stop stop, string expected, HashSet<ulong> pages, byte[]? witness)
    {
        string actual = Advance(engine, stop, isSlow: false);
        bool all = witness is not null || pages.Count <= PagesAtEveryStop;
        IReadOnlyCollection<ulong> looked = all ? pages : [];
        if (witness is null)
        {
            return Join(expected, actual, StateDifference.Find(slow, engine, looked));
        }

        // The slow path's pages have been made clean already.
        bool isSame = engine.Witness().AsSpan().SequenceEqual(witness);
        string? found = StateDifference.Find(slow, engine, looked);
        return Join(expected, actual, found ?? (isSame ? null : "  the memory root\n"));
    }

    private static string? Join(string expected, string actual, string? found) =>
        expected == actual ? found : $"  the end: \"{expected}\" expected, \"{actual}\" found\n{found}";

    // What ended the run, in words; empty if nothing did.
    private static string Advance(Machine machine, Stop stop, bool isSlow)
    {
        try
        {
            if (!isSlow)
            {
                _ = machine.Run(new RunLimits { UntilStep = stop.Step });
            }

            while (isSlow && machine.Step < stop.Step && !machine.Exited)
            {
                machine.ExecuteStep();
            }

            return "";
        }
        catch (GuestPanicException panic)
        {
            return $"{panic.Reason} at step {panic.Step}, pc 0x{panic.ProgramCounter:x}";
        }
        catch (CulverinException error)
        {
            return $"{error.Code} at step {machine.Step}";
        }
    }

    private string Report(MachineOptions engine, int index, string difference)
    {
        ulong low = index == 0 ? 0 : _stops[index - 1].Step;
        ulong high = _stops[index].Step;
        if (Replay(engine, index, high) is not { } reason)
        {
            return $"{Header(engine)}differs at step {high}, but not when run alone:\n{difference}";
        }

        while (high - low > 1)
        {
            ulong middle = low + ((high - low) / 2);
            if (Replay(engine, index, middle) is { } earlier)
            {
                high = middle;
                reason = earlier;
            }
            else
            {
                low = middle;
            }
        }

        ulong start = index == 0 ? 0 : _stops[index - 1].Step;
        return $"{Header(engine)}differs after step {low}, run from step {start}:\n{LastSteps(low)}{reason}";
    }

    private string Header(MachineOptions engine) =>
        $"{drawn.Description}: {EngineCase.Describe(engine)}\n"
            + $"again: {drawn.Command}\n";

    // The difference after the stops before this one and then running to a step.
    private string? Replay(MachineOptions engine, int index, ulong until)
    {
        using Machine slow = drawn.CreateMachine(new MachineOptions { Engine = EngineKind.Interpreter });
        using Machine fast = drawn.CreateMachine(engine);
        HashSet<ulong> pages = [];
        foreach (Stop stop in _stops.Take(index).Append(new Stop(until, true)))
        {
            string expected = Advance(slow, stop, !drawn.IsLong);
            pages.UnionWith(slow.Image.Memory.DirtyPages);
            byte[]? witness = stop.TakesRoot ? slow.Witness() : null;
            if (stop.Step == until)
            {
                return Difference(slow, fast, stop, expected, pages, witness);
            }

            _ = Advance(fast, stop, isSlow: false);
            if (witness is not null)
            {
                _ = fast.Witness();
            }
        }

        return null;
    }

    // The last steps executed, as the slow path sees them. An engine that executes many steps at once may
    // have gone wrong in one of the steps before the last.
    private string LastSteps(ulong last)
    {
        using Machine slow = drawn.CreateMachine(new MachineOptions { Engine = EngineKind.Interpreter });
        ulong first = last - Math.Min(last, StepsShown);
        _ = Advance(slow, new Stop(first, false), !drawn.IsLong);
        var decoder = new InstructionDecoder(FeatureSet.Of(drawn.Version));
        var text = new StringBuilder();
        for (ulong step = first; step <= last; step++)
        {
            uint bits = slow.Image.Memory.ReadUInt32(slow.ProgramCounter & ~3UL);
            string mnemonic = InstructionSet.Rows[decoder.Decode(bits).Opcode - 1].Mnemonic;
            string mark = step == last ? "->" : "  ";
            _ = text.Append($"  {mark} step {step}, pc 0x{slow.ProgramCounter:x8}: {bits:x8} {mnemonic,-7} ");
            _ = text.Append($"rs {(bits >> 21) & 31} rt {(bits >> 16) & 31} rd {(bits >> 11) & 31} ");
            _ = text.AppendLine($"sa {(bits >> 6) & 31} immediate {(short)bits}");
            _ = Advance(slow, new Stop(step + 1, false), isSlow: true);
        }

        return text.ToString();
    }
}
