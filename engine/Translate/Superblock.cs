using Culverin.Translate.Ir;

namespace Culverin.Translate;

/// <summary>A translated superblock: code with one way in, at its start, and several ways out.</summary>
/// <param name="start">Guest address of its first instruction.</param>
/// <param name="entry">Offset of its code.</param>
/// <param name="uses">How often it reads or writes each guest register.</param>
internal sealed class Superblock(ulong start, int entry, byte[] uses)
{
    private readonly List<(ulong Start, ulong End)> _runs = [];

    /// <summary>Guest address of its first instruction.</summary>
    public ulong Start => start;

    /// <summary>Offset of its code.</summary>
    public int Entry => entry;

    /// <summary>How often it reads or writes each guest register.</summary>
    public byte[] RegisterUses => uses;

    /// <summary>Links of other superblocks that lead here.</summary>
    public List<Link> Incoming { get; } = [];

    /// <summary>Ranges of guest addresses whose code it translates; the ends are exclusive.</summary>
    public IReadOnlyList<(ulong Start, ulong End)> Runs => _runs;

    /// <summary>Says that it translates the code in a range.</summary>
    public void AddRun(ulong runStart, ulong runEnd)
    {
        if (_runs.Count > 0 && _runs[^1].End == runStart)
        {
            _runs[^1] = (_runs[^1].Start, runEnd);
        }
        else
        {
            _runs.Add((runStart, runEnd));
        }
    }

    /// <summary>Whether it translates the code at an address.</summary>
    public bool Covers(ulong address) => _runs.Exists(run => address >= run.Start && address < run.End);
}
