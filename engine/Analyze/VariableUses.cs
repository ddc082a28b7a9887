using Culverin.Analyze.Values;

namespace Culverin.Analyze;

/// <summary>What is done with some variables anywhere in a program.</summary>
/// <param name="addresses">Their addresses.</param>
/// <param name="wordSizeBytes">How large each of them is.</param>
internal sealed class VariableUses(IEnumerable<ulong> addresses, int wordSizeBytes)
{
    private const int ValuesMax = 16;

    private readonly HashSet<ulong> _watched = [.. addresses];
    private readonly HashSet<ulong> _open = [];
    private readonly Dictionary<ulong, HashSet<ulong>> _values = [];

    /// <summary>Notes what one instruction does.</summary>
    /// <param name="written">The word that it wrote to a register, if known.</param>
    /// <param name="kept">The word that it stored, if known.</param>
    /// <param name="store">The fixed address that it stored to, and what.</param>
    public void Note(ulong? written, ulong? kept, (ulong Address, AbstractValue Value)? store)
    {
        NoteAddress(written);
        NoteAddress(kept);
        if (store is not { } stored)
        {
            return;
        }

        if (!_watched.Contains(stored.Address))
        {
            // A store to a part of a variable.
            NoteAddress(stored.Address);
            return;
        }

        if (!_values.TryGetValue(stored.Address, out HashSet<ulong>? values))
        {
            values = [];
            _values.Add(stored.Address, values);
        }

        if (stored.Value.IsKnown && values.Count < ValuesMax)
        {
            values.Add(stored.Value.Value);
        }
        else
        {
            _open.Add(stored.Address);
        }
    }

    /// <summary>
    /// The values that instructions store to a variable; null if they are not all known, or its address is
    /// used.
    /// </summary>
    public IReadOnlyCollection<ulong>? ValuesOf(ulong address) =>
        _open.Contains(address) ? null : _values.GetValueOrDefault(address) ?? [];

    /// <summary>
    /// Notes a word that the program has: who has the address of a variable, or of a byte of it, may store
    /// anything there.
    /// </summary>
    public void NoteAddress(ulong? word)
    {
        if (word is { } address && Around(address) is { } variable)
        {
            _open.Add(variable);
        }
    }

    private ulong? Around(ulong address)
    {
        for (int offset = 0; offset < wordSizeBytes; offset++)
        {
            if (_watched.Contains(unchecked(address - (ulong)offset)))
            {
                return unchecked(address - (ulong)offset);
            }
        }

        return null;
    }
}
