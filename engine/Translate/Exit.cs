using System.Collections.Generic;

namespace Culverin.Translate;

/// <summary>
/// A way out of a trace in the middle: jumps to code that stands behind the trace, because it is seldom
/// taken.
/// </summary>
internal sealed class Exit
{
    private readonly List<int> _jumps = [];

    /// <summary>Where the guest goes on.</summary>
    public ulong Target { get; private set; }

    /// <summary>Steps of the trace that are not executed, to be given back to the budget.</summary>
    public int StepsLeft { get; private set; }

    /// <summary>Whether the interpreter executes the next step; else the next trace does.</summary>
    public bool IsOdd { get; private set; }

    /// <summary>Where the distances of the jumps stand.</summary>
    public IReadOnlyList<int> Jumps => _jumps;

    /// <summary>Makes it a new exit that nothing leads to.</summary>
    public void Reset(ulong target, int stepsLeft, bool isOdd)
    {
        _jumps.Clear();
        Target = target;
        StepsLeft = stepsLeft;
        IsOdd = isOdd;
    }

    /// <summary>Says that a jump leads here.</summary>
    public void Add(int distanceOffset) => _jumps.Add(distanceOffset);
}
