namespace Culverin.Inspect.Explain;

/// <summary>A register before and after a step.</summary>
/// <param name="Name">Its name without a dollar sign; pc, nextpc, lo and hi too.</param>
/// <param name="Before">What it held.</param>
/// <param name="After">What it holds; null if its thread is gone.</param>
internal sealed record RegisterChange(string Name, ulong Before, ulong? After)
{
    /// <summary>Whether the step changed it.</summary>
    public bool IsChanged => After is { } after && after != Before;

    /// <summary>
    /// All registers of the thread that was active: the general ones, then pc, nextpc, lo and hi.
    /// </summary>
    public static IReadOnlyList<RegisterChange> Of(StepExplanation step)
    {
        ThreadView before = step.Before;
        ThreadView? after = step.IsPastEnd || step.Panic is not null ? before : step.After;
        return
        [
            .. before.Registers.Select((value, number) => new RegisterChange(
                RegisterNames.Of(number, step.Features.WordBits), value, after?.Registers[number])),
            new RegisterChange("pc", before.ProgramCounter, after?.ProgramCounter),
            new RegisterChange("nextpc", before.NextProgramCounter, after?.NextProgramCounter),
            new RegisterChange("lo", before.Low, after?.Low),
            new RegisterChange("hi", before.High, after?.High),
        ];
    }
}
