using System;
using System.Collections.Generic;
using Culverin.Primitives;
using Culverin.State;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// The traces of one machine: their code, where each starts, how they lead to each other, and which pages
/// they
/// were read from.
/// </summary>
internal sealed unsafe class TraceCache : IDisposable
{
    // More than the code of the longest trace.
    private const int FreeMin = 1 << 16;

    private readonly CodeMemory _memory;
    private readonly ReservedMemory _jumpTable = new((1UL << 32) + sizeof(uint));
    private readonly Dictionary<ulong, Trace> _traces = [];
    private readonly Dictionary<ulong, List<Trace>> _tracesByPage = [];
    private readonly List<Link> _links = [];
    private readonly GuestMemory _guest;
    private int _firstFree;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="memory">Where the code goes; the cache takes it over.</param>
    /// <param name="guest">Whose pages are marked as code.</param>
    public TraceCache(CodeMemory memory, GuestMemory guest)
    {
        _memory = memory;
        _guest = guest;

        // SAFETY: the assembler writes within the length given.
        Assembler = new Assembler(memory.Writable, memory.LengthBytes);
    }

    /// <summary>Writes into the code memory.</summary>
    public Assembler Assembler { get; }

    /// <summary>Offsets of traces by guest address, 4 bytes each; 0 for none.</summary>
    public byte* JumpTable => _jumpTable.Start;

    /// <summary>Where the code is executed.</summary>
    public byte* Code => _memory.Executable;

    /// <summary>How often all traces have been forgotten.</summary>
    public int Generation { get; private set; }

    /// <summary>What the next link is called.</summary>
    public int NextLinkNumber => _links.Count;

    /// <summary>Says that the code in front of the traces is written.</summary>
    public void KeepCommonCode() => _firstFree = Assembler.Position;

    /// <summary>The trace at an address; null if there is none.</summary>
    public Trace? Find(ulong address) => _traces.GetValueOrDefault(address);

    // SAFETY: the table has an entry for every 32-bit address, and traces start nowhere else.
    /// <summary>Offset of the code of the trace at an address in the low 4 GiB; 0 if there is none.</summary>
    public int EntryOf(ulong address) => *(int*)(JumpTable + (uint)address);

    /// <summary>Makes room for a trace, by forgetting all traces if need be.</summary>
    public void MakeRoom()
    {
        if (Assembler.Free < FreeMin)
        {
            Clear();
        }
    }

    /// <summary>Takes in a trace whose code has just been written.</summary>
    /// <param name="plan">What it translates.</param>
    /// <param name="entry">Offset of its code.</param>
    /// <param name="uses">How often it uses each guest register.</param>
    /// <param name="links">Its direct jumps.</param>
    public Trace Add(TracePlan plan, int entry, byte[] uses, IReadOnlyList<Link> links)
    {
        var trace = new Trace(plan.Start, entry, uses);
        foreach (TraceItem item in plan.Items)
        {
            trace.AddRun(item.Pc, item.Pc + ((ulong)item.StepCount * sizeof(uint)));
        }

        // A trace may end before its first instruction: that one is looked at again when it changes.
        if (plan.Items.Count == 0)
        {
            trace.AddRun(plan.Start, plan.Start + sizeof(uint));
        }

        _traces.Add(trace.Start, trace);
        SetEntry(trace.Start, entry);
        NotePages(trace);
        _links.AddRange(links);
        foreach (Link link in links)
        {
            if (Find(link.Target) is { } target)
            {
                Connect(link, target);
            }
        }

        return trace;
    }

    /// <summary>Lets the jump of a link lead to a trace.</summary>
    public void Connect(int linkNumber, Trace target) => Connect(_links[linkNumber], target);

    /// <summary>Forgets the traces that translate the code at an address.</summary>
    public void CodeWritten(ulong address)
    {
        if (!_tracesByPage.TryGetValue(address >> GuestMemory.PageShift, out List<Trace>? traces))
        {
            return;
        }

        foreach (Trace trace in traces.FindAll(trace => trace.Covers(address)))
        {
            Remove(trace);
        }
    }

    /// <summary>Forgets all traces and the code in front of them.</summary>
    public void Reset()
    {
        _firstFree = 0;
        Clear();
    }

    /// <summary>Forgets all traces.</summary>
    public void Clear()
    {
        _jumpTable.Clear();
        _traces.Clear();
        _tracesByPage.Clear();
        _links.Clear();
        Assembler.Position = _firstFree;
        Generation++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _jumpTable.Dispose();
    }

    private void Connect(Link link, Trace target)
    {
        Assembler.SetTarget(link.Site, target.Entry);
        target.Incoming.Add(link);
    }

    // The code of a removed trace stays where it is until the next Clear, but nothing leads there any more.
    private void Remove(Trace trace)
    {
        SetEntry(trace.Start, 0);
        _ = _traces.Remove(trace.Start);
        foreach (Link link in trace.Incoming)
        {
            Assembler.SetTarget(link.Site, link.Stub);
        }

        foreach (ulong page in PagesOf(trace))
        {
            _ = _tracesByPage[page].Remove(trace);
        }
    }

    private void NotePages(Trace trace)
    {
        foreach (ulong page in PagesOf(trace))
        {
            _guest.MarkCode(page);
            if (!_tracesByPage.TryGetValue(page, out List<Trace>? traces))
            {
                traces = [];
                _tracesByPage.Add(page, traces);
            }

            traces.Add(trace);
        }
    }

    private static HashSet<ulong> PagesOf(Trace trace)
    {
        HashSet<ulong> pages = [];
        foreach ((ulong start, ulong end) in trace.Runs)
        {
            ulong last = (end - 1) >> GuestMemory.PageShift;
            for (ulong page = start >> GuestMemory.PageShift; page <= last; page++)
            {
                _ = pages.Add(page);
            }
        }

        return pages;
    }

    // SAFETY: the table has an entry for every 32-bit address, and traces start nowhere else.
    private void SetEntry(ulong address, int entry) => *(int*)(JumpTable + (uint)address) = entry;
}
