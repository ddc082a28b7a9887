namespace Culverin.Translate;

/// <summary>Counts how often the guest comes to an address that is not translated.</summary>
/// <param name="hotCount">See <see cref="TranslatorTuning.HotCount"/>.</param>
internal sealed class CodeHeat(int hotCount)
{
    private const int CounterCount = 1 << 14;
    private const int InstructionShift = 2;

    // A counter belongs to the address that came last: code that is passed once never gets hot.
    private readonly (ulong Address, int Count)[] _counters = new (ulong, int)[CounterCount];

    /// <summary>Counts an arrival.</summary>
    /// <returns>Whether the address is hot.</returns>
    public bool Add(ulong address)
    {
        ref (ulong Address, int Count) counter =
            ref _counters[(address >> InstructionShift) & (CounterCount - 1)];
        counter = (address, counter.Address == address ? counter.Count + 1 : 1);
        return counter.Count >= hotCount;
    }
}
