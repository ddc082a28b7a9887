using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>What to expect of a program in a state version.</summary>
internal enum Verdict
{
    /// <summary>Nothing was found that stops it or leads it astray.</summary>
    Runs,

    /// <summary>
    /// Nothing was found that stops it, but not everything that may be reached could be looked at.
    /// </summary>
    Unknown,

    /// <summary>Code that may be reached panics or behaves differently from hardware and Linux.</summary>
    MayPanic,

    /// <summary>It certainly fails: it cannot be loaded, or fails before it does anything.</summary>
    CannotRun,
}

/// <summary>
/// What happens when the found instruction or system call is executed; worse ones have higher values.
/// </summary>
internal enum FindingEffect
{
    /// <summary>The version implements it.</summary>
    Served,

    /// <summary>It does nothing, and ordinary programs do not notice.</summary>
    Harmless,

    /// <summary>A system call answered 0 without effect, which is a fair answer to it.</summary>
    AnsweredZero,

    /// <summary>Which system call it is cannot be read off the code.</summary>
    NumberUnknown,

    /// <summary>A deliberate abort: a signal on hardware, a panic here.</summary>
    Aborts,

    /// <summary>It does something else than on hardware or Linux: the program may hang or go wrong.</summary>
    Misleads,

    /// <summary>The step cannot be executed: the version has no such instruction.</summary>
    Panics,

    /// <summary>
    /// The step cannot be executed: the version has threads and no such system call.
    /// </summary>
    PanicsAsUnknownSyscall,
}

/// <summary>How a piece of code may be reached; nearer ones have higher values.</summary>
internal enum CodeReach
{
    /// <summary>Nothing found leads there: probably dead code.</summary>
    NotSeen,

    /// <summary>By a function pointer that lies in data or is computed in code.</summary>
    Indirect,

    /// <summary>From the entry point by direct calls, jumps and branches.</summary>
    Direct,
}

/// <summary>A place in the program's code.</summary>
/// <param name="Address">Guest address of the instruction.</param>
/// <param name="Function">Name of the function around it.</param>
/// <param name="Reach">How the function may be reached.</param>
internal sealed record CodePlace(ulong Address, string Function, CodeReach Reach);

/// <summary>An instruction that the version lacks or runs differently from hardware.</summary>
internal sealed record InstructionFinding
{
    /// <summary>
    /// The manual's mnemonic, or the encoding class for words that no manual entry matches.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>What happens when it is executed.</summary>
    public required FindingEffect Effect { get; init; }

    /// <summary>The effect in words.</summary>
    public required string Explanation { get; init; }

    /// <summary>How often it stands in the code.</summary>
    public required int Count { get; init; }

    /// <summary>The nearest reach of all its places.</summary>
    public required CodeReach Reach { get; init; }

    /// <summary>
    /// The first places, nearest reach first; at most <see cref="AnalysisReport.PlacesMax"/>.
    /// </summary>
    public required IReadOnlyList<CodePlace> Places { get; init; }

    /// <summary>All functions that it stands in, with the nearest reach of each name.</summary>
    internal IReadOnlyDictionary<string, CodeReach> Functions { get; init; } =
        new Dictionary<string, CodeReach>();
}

/// <summary>A system call that the program makes.</summary>
internal sealed record SyscallFinding
{
    /// <summary>Its number; null where the code takes it from elsewhere.</summary>
    public required ulong? Number { get; init; }

    /// <summary>Its Linux name; "unknown" without one.</summary>
    public required string Name { get; init; }

    /// <summary>What happens when it is made.</summary>
    public required FindingEffect Effect { get; init; }

    /// <summary>The effect in words.</summary>
    public required string Explanation { get; init; }

    /// <summary>All functions that make it, with the nearest reach of each name.</summary>
    internal IReadOnlyDictionary<string, CodeReach> Functions { get; init; } =
        new Dictionary<string, CodeReach>();

    /// <summary>How many places make it.</summary>
    public required int Count { get; init; }

    /// <summary>The nearest reach of all its places.</summary>
    public required CodeReach Reach { get; init; }

    /// <summary>
    /// The first places, nearest reach first; at most <see cref="AnalysisReport.PlacesMax"/>.
    /// </summary>
    public required IReadOnlyList<CodePlace> Places { get; init; }
}

/// <summary>What <see cref="GuestAnalyzer"/> found in a program, for one state version.</summary>
internal sealed record AnalysisReport
{
    /// <summary>Most places listed for one finding.</summary>
    public const int PlacesMax = 8;

    /// <summary>The state version it is about.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>What to expect.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, as whole sentences; what surely stops the program comes first. Never empty.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>What is to be known besides and does not change the verdict, as whole sentences.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>The Go toolchain's version, such as "go1.21.13"; null if it is no Go program.</summary>
    public string? GoVersion { get; init; }

    /// <summary>Functions looked at; 0 if whole segments were, for want of function symbols.</summary>
    public int FunctionCount { get; init; }

    /// <summary>Instructions looked at.</summary>
    public long InstructionCount { get; init; }

    /// <summary>Instructions that the version lacks or runs differently, worst first.</summary>
    public IReadOnlyList<InstructionFinding> Instructions { get; init; } = [];

    /// <summary>System calls found, worst first, then by number.</summary>
    public IReadOnlyList<SyscallFinding> Syscalls { get; init; } = [];

    /// <summary>What reading code without running it cannot tell, as whole sentences.</summary>
    public static IReadOnlyList<string> Limits { get; } =
    [
        "A finding says that code is present, not that it is ever executed.",
        "\"Direct\" and \"indirect\" follow calls and function pointers, never the "
            + "conditions on the way; jumps "
            + "to computed addresses are seen only where the address is a constant in code or data.",
        "System call numbers are constants in front of the call or in callers that pass them on; "
            + "they are unknown where memory, tables or function pointers decide.",
        "Functions are believed to keep the registers and the stack as the calling convention says.",
        "Division by zero, branches in delay slots reached by jumps, "
            + "unaligned program counters, unaligned data "
            + "(its low address bits are dropped) and reads past a pre-image's end "
            + "show only when the program runs.",
        "Code that the program writes itself, and code outside of function symbols where "
            + "there are any, is not seen.",
    ];
}
