namespace Culverin.Inspect.Symbols;

/// <summary>Where a function keeps its caller's registers at one of its instructions.</summary>
internal sealed class FrameRules
{
    /// <summary>Registers of the machine; columns above are floating-point ones, which it lacks.</summary>
    public const int RegisterCount = 32;

    /// <summary>Register that the frame's address is computed from; null where nobody knows.</summary>
    public int? FrameRegister { get; set; }

    /// <summary>What is added to it.</summary>
    public long FrameOffset { get; set; }

    /// <summary>The column whose value the caller goes on at.</summary>
    public int ReturnColumn { get; set; } = 31;

    /// <summary>
    /// By register, where from the frame's address on it was saved; null for one that was not.
    /// </summary>
    public long?[] Saved { get; private set; } = new long?[RegisterCount];

    /// <summary>A copy.</summary>
    public FrameRules Clone() => new()
    {
        FrameRegister = FrameRegister,
        FrameOffset = FrameOffset,
        ReturnColumn = ReturnColumn,
        Saved = [.. Saved],
    };

    /// <summary>Becomes equal to others.</summary>
    public void Take(FrameRules others)
    {
        FrameRegister = others.FrameRegister;
        FrameOffset = others.FrameOffset;
        Saved = [.. others.Saved];
    }
}
