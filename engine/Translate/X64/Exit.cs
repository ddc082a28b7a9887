namespace Culverin.Translate.X64;

/// <summary>
/// A way out of a superblock: jumps to code that stands behind it. A side exit leads to the interpreter, the
/// others to the next superblock.
/// </summary>
internal sealed class Exit
{
    private readonly List<int> _jumps = [];

    /// <summary>Where the guest goes on.</summary>
    public ulong Target { get; private set; }

    /// <summary>Steps of the superblock that are not executed, to be given back to the budget.</summary>
    public int StepsLeft { get; private set; }

    /// <summary>Whether the interpreter executes the next step; else the next superblock does.</summary>
    public bool IsSideExit { get; private set; }

    /// <summary>Where the distances of the jumps stand.</summary>
    public IReadOnlyList<int> Jumps => _jumps;

    /// <summary>Makes it a new exit that nothing leads to.</summary>
    public void Reset(ulong target, int stepsLeft, bool isSideExit)
    {
        _jumps.Clear();
        Target = target;
        StepsLeft = stepsLeft;
        IsSideExit = isSideExit;
    }

    /// <summary>Says that a jump leads here.</summary>
    public void Add(int distanceOffset) => _jumps.Add(distanceOffset);
}
