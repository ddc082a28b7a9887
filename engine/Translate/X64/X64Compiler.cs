using System.Diagnostics.CodeAnalysis;
using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>Compiles superblocks for x86-64 processors with MOVBE, BMI1, BMI2 and LZCNT.</summary>
internal sealed class X64Compiler : ISuperblockCompiler
{
    private readonly Assembler _code;
    private readonly bool _isWide;
    private CommonCode? _common;
    private SuperblockLowering? _lowering;
    private int _firstFree;

    /// <summary>Makes a compiler.</summary>
    /// <param name="memory">Where the code goes.</param>
    /// <param name="isWide">Whether words have 64 bits.</param>
    public unsafe X64Compiler(CodeMemory memory, bool isWide)
    {
        // SAFETY: the assembler writes within the length given, and the caller keeps the memory.
        _code = new Assembler(memory.Writable, memory.LengthBytes);
        _isWide = isWide;
    }

    /// <inheritdoc/>
    public int PinCount => HostLayout.Pins.Length;

    /// <inheritdoc/>
    public int FreeBytes => _code.Free;

    /// <inheritdoc/>
    public IReadOnlyList<Link> Links => _lowering?.Links ?? [];

    /// <summary>Whether this processor executes such code.</summary>
    /// <param name="refusal">Why not, in words for a log line.</param>
    public static bool RunsHere([NotNullWhen(false)] out string? refusal)
    {
        refusal = HostProcessor.RunsGeneratedCode
            ? null
            : "the processor is not x86-64 with MOVBE, BMI1, BMI2 and LZCNT";
        return refusal is null;
    }

    /// <inheritdoc/>
    public int Begin(MicroOperationList operations, IReadOnlyList<int> pinned)
    {
        _code.Position = 0;
        var pins = new PinnedRegisters(pinned, _isWide ? sizeof(ulong) : sizeof(uint));
        _common = new CommonCode(_code, pins, _isWide);
        _firstFree = _code.Position;
        _lowering = new SuperblockLowering(new LoweringContext(_code, operations, pins, _isWide));
        return _common.Entry;
    }

    /// <inheritdoc/>
    public void Clear() => _code.Position = _firstFree;

    /// <inheritdoc/>
    public int Compile(SuperblockPlan plan, int firstLinkNumber)
    {
        int entry = _code.Position;
        int failed = _lowering!.Lower(plan, _common!, firstLinkNumber);
        while (failed >= 0)
        {
            plan.Cut(failed);
            _code.Position = entry;
            failed = _lowering.Lower(plan, _common!, firstLinkNumber);
        }

        return entry;
    }

    /// <inheritdoc/>
    public void Redirect(int site, int target) => _code.SetTarget(site, target);
}
