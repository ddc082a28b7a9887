namespace Culverin.Translate;

/// <summary>
/// Counts how often the guest comes to an address that is not translated.
/// </summary>
/// <param name="hotCount">See <see cref="TranslatorTuning.HotCount"/>.</param>
internal sealed class CodeHeat(int hotCount)
{
    private const int CounterCount = 1 << 16;
    private const int InstructionShift = 2;

    // Addresses that share a counter are hot sooner, which costs time and nothing else.
    private readonly byte[] _counters = new byte[CounterCount];

    /// <summary>Counts an arrival.</summary>
    /// <returns>Whether the address is hot.</returns>
    public bool Add(ulong address)
    {
        ref byte counter = ref _counters[(address >> InstructionShift) & (CounterCount - 1)];
        counter += counter < hotCount ? (byte)1 : (byte)0;
        return counter == hotCount;
    }
}
