using Culverin.Primitives;
using Culverin.State;
using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// The superblocks of one machine: their code, where each starts, how they lead to each other, and which
/// pages they were read from.
/// </summary>
internal sealed unsafe class SuperblockCache : IDisposable
{
    // More than the code of the longest superblock.
    private const int FreeMin = 1 << 16;

    private readonly CodeMemory _memory;
    private readonly ReservedMemory _jumpTable = new((1UL << 32) + sizeof(uint));
    private readonly Dictionary<ulong, Superblock> _superblocks = [];
    private readonly Dictionary<ulong, List<Superblock>> _byPage = [];
    private readonly List<Link> _links = [];
    private readonly ISuperblockCompiler _compiler;
    private readonly GuestMemory _guest;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="memory">Where the code is; the cache takes it over.</param>
    /// <param name="compiler">Writes it.</param>
    /// <param name="guest">Whose pages are marked as code.</param>
    public SuperblockCache(CodeMemory memory, ISuperblockCompiler compiler, GuestMemory guest)
    {
        _memory = memory;
        _compiler = compiler;
        _guest = guest;
    }

    /// <summary>Offsets of superblocks by guest address, 4 bytes each; 0 for none.</summary>
    public byte* JumpTable => _jumpTable.Start;

    /// <summary>Where the code is executed.</summary>
    public byte* Code => _memory.Executable;

    /// <summary>How often all superblocks have been forgotten.</summary>
    public int Generation { get; private set; }

    /// <summary>What the next link is called.</summary>
    public int NextLinkNumber => _links.Count;

    /// <summary>The superblock at an address; null if there is none.</summary>
    public Superblock? Find(ulong address) => _superblocks.GetValueOrDefault(address);

    // SAFETY: the table has an entry for every 32-bit address, and superblocks start nowhere else.
    /// <summary>
    /// Offset of the code of the superblock at an address in the low 4 GiB; 0 if there is none.
    /// </summary>
    public int EntryOf(ulong address) => *(int*)(JumpTable + (uint)address);

    /// <summary>Makes room for a superblock, by forgetting all superblocks if need be.</summary>
    public void MakeRoom()
    {
        if (_compiler.FreeBytes < FreeMin)
        {
            Clear();
        }
    }

    /// <summary>Takes in a superblock whose code has just been written.</summary>
    /// <param name="plan">What it translates.</param>
    /// <param name="entry">Offset of its code.</param>
    /// <param name="uses">How often it uses each guest register.</param>
    /// <param name="links">Its direct jumps.</param>
    public Superblock Add(SuperblockPlan plan, int entry, byte[] uses, IReadOnlyList<Link> links)
    {
        var superblock = new Superblock(plan.Start, entry, uses);
        foreach (SuperblockItem item in plan.Items)
        {
            superblock.AddRun(item.Pc, item.Pc + ((ulong)item.StepCount * sizeof(uint)));
        }

        // A superblock may end before its first instruction: that one is looked at again when it changes.
        if (plan.Items.Count == 0)
        {
            superblock.AddRun(plan.Start, plan.Start + sizeof(uint));
        }

        _superblocks.Add(superblock.Start, superblock);
        SetEntry(superblock.Start, entry);
        NotePages(superblock);
        _links.AddRange(links);
        foreach (Link link in links)
        {
            if (Find(link.Target) is { } target)
            {
                Connect(link, target);
            }
        }

        return superblock;
    }

    /// <summary>Lets the jump of a link lead to a superblock.</summary>
    public void Connect(int linkNumber, Superblock target) => Connect(_links[linkNumber], target);

    /// <summary>Forgets the superblocks that translate the code at an address.</summary>
    public void CodeWritten(ulong address)
    {
        if (!_byPage.TryGetValue(address >> GuestMemory.PageShift, out List<Superblock>? superblocks))
        {
            return;
        }

        foreach (Superblock superblock in superblocks.FindAll(superblock => superblock.Covers(address)))
        {
            Remove(superblock);
        }
    }

    /// <summary>Forgets all superblocks.</summary>
    public void Clear()
    {
        _jumpTable.Clear();
        _superblocks.Clear();
        _byPage.Clear();
        _links.Clear();
        _compiler.Clear();
        Generation++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _jumpTable.Dispose();
    }

    private void Connect(Link link, Superblock target)
    {
        _compiler.Redirect(link.Site, target.Entry);
        target.Incoming.Add(link);
    }

    // The code of a removed superblock stays where it is until the next Clear, but nothing leads there any
    // more.
    private void Remove(Superblock superblock)
    {
        SetEntry(superblock.Start, 0);
        _ = _superblocks.Remove(superblock.Start);
        foreach (Link link in superblock.Incoming)
        {
            _compiler.Redirect(link.Site, link.Stub);
        }

        foreach (ulong page in PagesOf(superblock))
        {
            _ = _byPage[page].Remove(superblock);
        }
    }

    private void NotePages(Superblock superblock)
    {
        foreach (ulong page in PagesOf(superblock))
        {
            _guest.MarkCode(page);
            if (!_byPage.TryGetValue(page, out List<Superblock>? superblocks))
            {
                superblocks = [];
                _byPage.Add(page, superblocks);
            }

            superblocks.Add(superblock);
        }
    }

    private static HashSet<ulong> PagesOf(Superblock superblock)
    {
        HashSet<ulong> pages = [];
        foreach ((ulong start, ulong end) in superblock.Runs)
        {
            ulong last = (end - 1) >> GuestMemory.PageShift;
            for (ulong page = start >> GuestMemory.PageShift; page <= last; page++)
            {
                _ = pages.Add(page);
            }
        }

        return pages;
    }

    // SAFETY: the table has an entry for every 32-bit address, and superblocks start nowhere else.
    private void SetEntry(ulong address, int entry) => *(int*)(JumpTable + (uint)address) = entry;
}
