using Culverin.Isa;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Execute.Threaded;

/// <summary>
/// Decoded instructions for every word of the low 4 GiB of a guest's address space, 8 bytes each, in one
/// lazily backed mapping: the entry of a guest address is found by arithmetic alone. Zero means "not
/// decoded".
/// </summary>
/// <remarks>
/// Control flow in the fast interpreter is pointers into this mapping, moved by up to 2^15 instructions at a
/// time. A guard of that size at either end, never decoded, keeps them inside it; the address that a
/// pointer in the guard stands for is left to the slow path, which knows where the address space ends.
/// </remarks>
internal sealed unsafe class DecodeCache : ICodeObserver, IDisposable
{
    /// <summary>
    /// Opcode number of entries that are watched: no instruction has it, so it has no fast handler.
    /// </summary>
    public const byte WatchedOpcode = 255;

    private const ulong EntryCount = 1UL << 30;
    private const ulong GuardEntryCount = 1UL << 16;
    private const int DecodeAheadMax = 64;

    /// <summary>
    /// Entries made before all are forgotten: 128 MiB of them, for code of 64 MiB. A program that runs
    /// through gigabytes of zeros, which are instructions too, must not fill the host's memory.
    /// </summary>
    private const int EntriesMax = 1 << 24;

    private readonly ReservedMemory _entries =
        new((EntryCount + (2 * GuardEntryCount)) * (ulong)sizeof(Instruction));
    private readonly GuestMemory _memory;
    private readonly Decoder _decoder;
    private readonly HashSet<ulong> _breakpoints = [];
    private int _entriesMade;

    /// <summary>Makes an empty cache over a memory.</summary>
    public DecodeCache(GuestMemory memory, Decoder decoder)
    {
        _memory = memory;
        _decoder = decoder;
        memory.CodeObserver = this;
    }

    // SAFETY: every 32-bit address and the guards around them have entries in the mapping.
    /// <summary>The entry of guest address 0.</summary>
    public Instruction* Origin => (Instruction*)_entries.Start + GuardEntryCount;

    /// <summary>Who else is told of writes to code pages.</summary>
    public ICodeObserver? Translated { get; set; }

    /// <summary>First address of a range that only the slow path executes.</summary>
    public ulong WatchedStart { get; set; }

    /// <summary>End of the watched range, exclusive; equal to its start for none.</summary>
    public ulong WatchedEnd { get; set; }

    /// <summary>Whether the fast path may execute at this address: aligned and in the low 4 GiB.</summary>
    public static bool Covers(ulong guestAddress) => (guestAddress & 3) == 0 && guestAddress <= uint.MaxValue;

    /// <summary>Whether an address is in the watched range.</summary>
    public bool IsInWatchedRange(ulong guestAddress) =>
        guestAddress >= WatchedStart && guestAddress < WatchedEnd;

    /// <summary>
    /// Whether only the slow path executes at an address: in the watched range, at breakpoints.
    /// </summary>
    public bool IsWatched(ulong guestAddress) =>
        IsInWatchedRange(guestAddress) || (_breakpoints.Count > 0 && _breakpoints.Contains(guestAddress));

    /// <summary>Leaves exactly these addresses, beside the watched range, to the slow path.</summary>
    public void SetBreakpoints(IReadOnlySet<ulong> addresses)
    {
        if (_breakpoints.SetEquals(addresses))
        {
            return;
        }

        ulong[] changed = [.. _breakpoints.Except(addresses), .. addresses.Except(_breakpoints)];
        _breakpoints.Clear();
        _breakpoints.UnionWith(addresses);
        foreach (ulong address in changed)
        {
            CodeWritten(address);
        }
    }

    /// <summary>
    /// Decodes the instruction at an address and what follows it up to the page's end; may forget all others.
    /// </summary>
    public void Decode(uint guestAddress)
    {
        if (_entriesMade > EntriesMax)
        {
            _entries.Clear();
            _entriesMade = 0;
        }

        _memory.MarkCode(guestAddress >> GuestMemory.PageShift);
        uint pageEnd = (guestAddress | (GuestMemory.PageSizeBytes - 1)) + 1;
        uint end = pageEnd - guestAddress > DecodeAheadMax * 4
            ? guestAddress + (DecodeAheadMax * 4)
            : pageEnd;
        _entriesMade += DecodeAheadMax;
        for (uint address = guestAddress; address != end; address += 4)
        {
            Origin[address >> 2] = IsWatched(address)
                ? new Instruction(WatchedOpcode, InstructionFormat.Register, 0)
                : _decoder.Decode(_memory.ReadUInt32(address));
        }
    }

    /// <inheritdoc/>
    public void CodeWritten(ulong guestAddress)
    {
        if (guestAddress <= uint.MaxValue)
        {
            Origin[guestAddress >> 2] = default;
            Translated?.CodeWritten(guestAddress);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ReferenceEquals(_memory.CodeObserver, this))
        {
            _memory.CodeObserver = null;
        }

        _entries.Dispose();
    }
}
