using Culverin.Guest;

namespace Culverin.Inspect.Symbols;

/// <summary>
/// What a program tells of its own code: functions, calls put in place, source lines, objects in memory,
/// and how to find a caller's registers. What is missing is left out of the answers.
/// </summary>
/// <remarks>One thread at a time. Debug data are read when first asked for.</remarks>
internal sealed class ProgramSymbols
{
    private readonly SymbolTable _functions;
    private readonly SymbolTable _objects;
    private readonly Lazy<DebugInfo?> _debugInfo;
    private readonly Lazy<GoFunctionTable?> _goFunctions;
    private readonly Lazy<FrameTable?> _frames;
    private readonly Lazy<GoStackSwitch?> _stackSwitch;

    private ProgramSymbols(SymbolTable functions, SymbolTable objects, DebugSections? sections)
    {
        _functions = functions;
        _objects = objects;
        _debugInfo = new(() => sections is null ? null : new DebugInfo(sections));
        _goFunctions = new(() => sections is null ? null : GoFunctionTable.TryRead(sections));
        _frames = new(() => sections is null ? null : new FrameTable(sections));
        _stackSwitch = new(() => GoFunctions is not null && DebugInfo is { } info
            ? GoStackSwitch.Of(info)
            : null);
    }

    /// <summary>Nothing is known.</summary>
    public static ProgramSymbols Empty { get; } = Of(SymbolTable.Empty);

    /// <summary>Whether there is a symbol or debug data at all.</summary>
    public bool IsEmpty => _functions.Symbols.Count == 0 && _objects.Symbols.Count == 0;

    /// <summary>Debug data; null where there are none.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>: they are damaged.</exception>
    public DebugInfo? DebugInfo => _debugInfo.Value;

    /// <summary>The table of Go's functions; null for other programs.</summary>
    public GoFunctionTable? GoFunctions => _goFunctions.Value;

    /// <summary>Where functions keep their callers' registers.</summary>
    public FrameTable? Frames => _frames.Value;

    /// <summary>
    /// How Go's runtime changes stacks; null for other programs, and those that do not tell.
    /// </summary>
    public GoStackSwitch? StackSwitch => _stackSwitch.Value;

    /// <summary>The symbols of a program with whatever debug data it has.</summary>
    public static ProgramSymbols Of(ElfFile elf)
    {
        // Of code in assembly language there may be marks without a type only.
        var functions = new HashSet<ElfSymbol>(
            elf.Functions.Count > 0 ? elf.Functions : elf.Labels, ReferenceEqualityComparer.Instance);
        return new ProgramSymbols(
            new SymbolTable(functions),
            new SymbolTable(elf.Symbols.Where(symbol => symbol.SizeBytes > 0 && !functions.Contains(symbol))),
            new DebugSections(elf));
    }

    /// <summary>Symbols without debug data, as a meta file holds them.</summary>
    public static ProgramSymbols Of(SymbolTable symbols) => new(symbols, symbols, null);

    /// <summary>The function's symbol at an address; null for none.</summary>
    public ElfSymbol? FunctionAt(ulong address) => _functions.At(address);

    /// <summary>The first function's symbol of a name; null for none.</summary>
    public ElfSymbol? FindFunction(string name) => _functions.Find(name);

    /// <summary>The object in memory at an address; null where no symbol with a size covers it.</summary>
    public ElfSymbol? ObjectAt(ulong address) => _objects.At(address);

    /// <summary>The source line of an address; null where nobody knows.</summary>
    public SourcePlace? PlaceAt(ulong address) =>
        DebugInfo?.PlaceAt(address)
            ?? (GoFunctions?.FunctionAt(address) is { } function
                ? GoFunctions.PlaceAt(function, address)
                : null);

    /// <summary>
    /// The functions at an address, the innermost call put in place first, the function itself last. There is
    /// always one; without a symbol its name is empty.
    /// </summary>
    public IReadOnlyList<SourceFrame> FramesAt(ulong address)
    {
        if (DebugInfo?.FramesAt(address) is { Count: > 0 } frames
            && frames.All(frame => frame.Function.Length > 0))
        {
            return frames;
        }

        string name = FunctionAt(address)?.Name ?? GoFunctions?.FunctionAt(address)?.Name ?? "";
        return [new SourceFrame(name, PlaceAt(address), IsInlined: false)];
    }
}
