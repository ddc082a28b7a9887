using Culverin.Translate.Ir;

namespace Culverin.Translate;

/// <summary>
/// Which guest registers the running code uses most, from samples of the superblocks it is in; says when
/// others than those pinned now would be worth translating everything again.
/// </summary>
internal sealed class RegisterSamples
{
    private const int FirstReview = 16;
    private const int ReviewFactor = 4;

    // Others must save this share of accesses, in percent, to be worth a new translation.
    private const int GainMinPercent = 10;
    private const int Percent = 100;

    private readonly int _pinCount;
    private readonly long[] _weights = new long[GuestRegister.Count];
    private IReadOnlyList<int> _pinned;
    private int _samplesUntilReview = FirstReview;
    private int _reviewInterval = FirstReview;

    /// <summary>Starts without samples.</summary>
    /// <param name="pinned">The registers pinned now.</param>
    /// <param name="pinCount">How many can be pinned.</param>
    public RegisterSamples(IReadOnlyList<int> pinned, int pinCount)
    {
        _pinned = pinned;
        _pinCount = pinCount;
    }

    /// <summary>Counts a sample.</summary>
    /// <param name="uses">How often the superblock uses each register.</param>
    /// <returns>The registers to pin from now on; null to leave them.</returns>
    public int[]? Add(ReadOnlySpan<byte> uses)
    {
        for (int register = 0; register < uses.Length; register++)
        {
            _weights[register] += uses[register];
        }

        return --_samplesUntilReview > 0 ? null : Review();
    }

    private int[]? Review()
    {
        _reviewInterval *= ReviewFactor;
        _samplesUntilReview = _reviewInterval;
        int[] best = [.. Enumerable.Range(0, GuestRegister.Count)
            .OrderByDescending(register => _weights[register])
            .Take(_pinCount)];
        long gain = best.Sum(register => _weights[register]) - _pinned.Sum(register => _weights[register]);
        bool isWorthwhile = gain * Percent > _weights.Sum() * GainMinPercent;
        Array.Clear(_weights);
        if (!isWorthwhile)
        {
            return null;
        }

        _pinned = best;
        return best;
    }
}
