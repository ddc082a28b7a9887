using System.Numerics;
using System.Text;
using Culverin.Primitives;
using Culverin.Run;
using Culverin.State;

namespace Culverin.Tests.Shared.Engines;

/// <summary>Says in what two machines of the same version differ.</summary>
internal static unsafe class StateDifference
{
    private static readonly byte[] NoRoot = new byte[Keccak256.DigestSizeBytes];

    /// <summary>
    /// Compares everything but the memory root: registers, threads, counters, which pages are dirty, what is
    /// in some pages.
    /// </summary>
    /// <returns>Null if all is equal, else the differences in words.</returns>
    public static string? Find(Machine expected, Machine actual, IReadOnlyCollection<ulong> pages) =>
        (expected.Image, actual.Image) switch
        {
            (MachineImage<uint> a, MachineImage<uint> b) => Find(a, b, pages),
            (MachineImage<ulong> a, MachineImage<ulong> b) => Find(a, b, pages),
            _ => throw new ArgumentException("The machines have words of different sizes."),
        };

    private static string? Find<TWord>(
        MachineImage<TWord> expected, MachineImage<TWord> actual, IReadOnlyCollection<ulong> pages)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        bool isEqual = Witness.Of(expected.State, NoRoot).AsSpan().SequenceEqual(
                Witness.Of(actual.State, NoRoot))
            && expected.State.LastHint.AsSpan().SequenceEqual(actual.State.LastHint)
            && expected.Memory.PageCount == actual.Memory.PageCount
            && expected.Memory.DirtyPages.SequenceEqual(actual.Memory.DirtyPages)
            && pages.All(page => IsSame(expected.Memory, actual.Memory, page));
        if (isEqual)
        {
            return null;
        }

        var text = new StringBuilder();
        AppendState(text, expected.State, actual.State);
        AppendMemory(text, expected.Memory, actual.Memory, pages);
        return text.ToString();
    }

    private static bool IsSame(GuestMemory expected, GuestMemory actual, ulong page) =>
        Page(expected, page).SequenceEqual(Page(actual, page));

    // SAFETY: a page has that many bytes, and lives as long as the memory.
    private static ReadOnlySpan<byte> Page(GuestMemory memory, ulong page) =>
        new(memory.PageForReading(page), GuestMemory.PageSizeBytes);

    private static void AppendState<TWord>(
        StringBuilder text, MachineState<TWord> expected, MachineState<TWord> actual)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        // SAFETY: the states' native blocks live as long as the machines.
        CpuState<TWord>* a = expected.Cpu;
        CpuState<TWord>* b = actual.Cpu;
        Append(text, "step", expected.Step, actual.Step);
        Append(text, "pc", a->Pc, b->Pc);
        Append(text, "next pc", a->NextPc, b->NextPc);
        Append(text, "hi", a->Hi, b->Hi);
        Append(text, "lo", a->Lo, b->Lo);
        for (int register = 0; register < 32; register++)
        {
            Append(text, $"r{register}", a->Registers[register], b->Registers[register]);
        }

        Append(text, "heap", expected.Heap, actual.Heap);
        Append(text, "exit code", expected.ExitCode, actual.ExitCode);
        Append(text, "pre-image offset", expected.PreimageOffset, actual.PreimageOffset);
        if (expected.Threads is { } threads && actual.Threads is { } others)
        {
            Append(text, "thread", threads.Active.Id, others.Active.Id);
            Append(
                text,
                "steps of the turn",
                threads.StepsSinceLastContextSwitch,
                others.StepsSinceLastContextSwitch);
            Append(text, "reservation", (byte)threads.Reservation, (byte)others.Reservation);
            Append(text, "reserved address", threads.ReservedAddress, others.ReservedAddress);
            Append(text, "owner", threads.ReservationOwner, others.ReservationOwner);
        }

        if (text.Length == 0
            && !Witness.Of(expected, NoRoot).AsSpan().SequenceEqual(Witness.Of(actual, NoRoot)))
        {
            _ = text.AppendLine("  the witness, in another field");
        }
    }

    private static void AppendMemory(
        StringBuilder text, GuestMemory expected, GuestMemory actual, IReadOnlyCollection<ulong> pages)
    {
        Append(text, "present pages", expected.PageCount, actual.PageCount);
        if (!expected.DirtyPages.SequenceEqual(actual.DirtyPages))
        {
            AppendPages(text, "dirty in the slow path only", expected.DirtyPages.Except(actual.DirtyPages));
            AppendPages(text, "dirty in the engine only", actual.DirtyPages.Except(expected.DirtyPages));
        }

        foreach (ulong page in pages)
        {
            int offset = Page(expected, page).CommonPrefixLength(Page(actual, page));
            if (offset < GuestMemory.PageSizeBytes)
            {
                ulong address = ((page << GuestMemory.PageShift) + (ulong)offset) & ~7UL;
                Append(
                    text,
                    $"memory at 0x{address:x}",
                    expected.ReadUInt64(address),
                    actual.ReadUInt64(address));
            }
        }
    }

    private static void AppendPages(StringBuilder text, string what, IEnumerable<ulong> pages)
    {
        string list = string.Join(' ', pages.Select(page => $"0x{page:x}"));
        _ = text.AppendLine($"  pages {what}: {list}");
    }

    private static void Append<TNumber>(StringBuilder text, string what, TNumber expected, TNumber actual)
        where TNumber : IBinaryInteger<TNumber>
    {
        if (expected != actual)
        {
            _ = text.AppendLine($"  {what}: 0x{expected:x} expected, 0x{actual:x} found");
        }
    }
}
