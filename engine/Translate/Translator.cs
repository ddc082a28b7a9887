using System;
using System.Numerics;
using Culverin.Execute;
using Culverin.State;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// Runs a guest as x86-64 machine code, translated trace by trace when first reached. It executes ordinary
/// steps only, exactly as many as asked at most, and hands everything else back.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed unsafe class Translator<TWord> : IFastPath, IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private static readonly int[] DefaultPins = [29, 2, 3, 4, 5, 8, 1, 31];

    // SAFETY: cpu and frame point into the state's native block, which outlives the translator.
    private readonly CpuState<TWord>* _cpu;
    private readonly TranslatorFrame* _frame;
    private readonly TraceCache _cache;
    private readonly TracePlanner<TWord> _planner;
    private readonly TracePlan _plan = new();
    private readonly Lowering _lowering;
    private readonly CommonCode _common;
    private readonly delegate* unmanaged<void*, void*, void> _enter;

    private Translator(MachineImage<TWord> image, CodeCache decoded, byte* memoryBase, CodeMemory memory)
    {
        _cpu = image.State.Cpu;
        _cache = new TraceCache(memory, image.Memory);
        _planner = new TracePlanner<TWord>(image.Memory, image.Features, decoded);
        var pins = new PinnedRegisters(DefaultPins, sizeof(TWord));
        bool wide = sizeof(TWord) == sizeof(ulong);
        _common = new CommonCode(_cache.Assembler, pins, wide);
        _cache.KeepCommonCode();
        _lowering = new Lowering(_cache.Assembler, _planner.Operations, pins, wide);
        _enter = (delegate* unmanaged<void*, void*, void>)(_cache.Code + _common.Entry);
        _frame = (TranslatorFrame*)((byte*)_cpu + HostLayout.FrameOffset);
        _frame->Memory = memoryBase;
        _frame->JumpTable = _cache.JumpTable;
        _frame->Code = _cache.Code;
        decoded.Translated = this;
    }

    /// <summary>How many traces there are now.</summary>
    public int TraceCount => _cache.Count;

    /// <summary>Makes a translator, if processor and system allow it.</summary>
    /// <param name="image">What to run.</param>
    /// <param name="decoded">The interpreter's code cache: knows the watched range, is told of writes.</param>
    /// <param name="memoryBase">What the interpreter takes as memory.</param>
    /// <param name="refusal">Why there is none, in words for a log line.</param>
    public static Translator<TWord>? TryCreate(
        MachineImage<TWord> image, CodeCache decoded, byte* memoryBase, out string? refusal)
    {
        if (!HostProcessor.RunsGeneratedCode)
        {
            refusal = "the processor is not x86-64 with MOVBE, BMI1, BMI2 and LZCNT";
            return null;
        }

        CodeMemory? memory = CodeMemory.TryCreate(TraceCache.MemorySizeBytes, out refusal);
        return memory is null ? null : new Translator<TWord>(image, decoded, memoryBase, memory);
    }

    /// <inheritdoc/>
    public ulong Run(ulong budget, out bool isOdd)
    {
        isOdd = true;
        _frame->Budget = (long)Math.Min(budget, long.MaxValue);
        long start = _frame->Budget;
        while (Find() is { } trace)
        {
            _enter(_cpu, _cache.Code + trace.Entry);
            switch ((ExitKind)_frame->Exit)
            {
                case ExitKind.Link:
                    Follow(_frame->ExitLink);
                    break;
                case ExitKind.Miss:
                    break;
                case ExitKind.Odd:
                    return (ulong)(start - _frame->Budget);
                default:
                    isOdd = false;
                    return (ulong)(start - _frame->Budget);
            }
        }

        return (ulong)(start - _frame->Budget);
    }

    /// <inheritdoc/>
    public void CodeWritten(ulong guestAddress) => _cache.CodeWritten(guestAddress);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    // Null where the guest is in a delay slot or outside of what is translated.
    private Trace? Find()
    {
        ulong pc = ulong.CreateTruncating(_cpu->Pc);
        return CodeCache.Covers(pc) && _cpu->NextPc == _cpu->Pc + TWord.CreateTruncating(4)
            ? _cache.Find(pc) ?? Translate(pc)
            : null;
    }

    private void Follow(int linkNumber)
    {
        // Translating may have made room by forgetting all links.
        int generation = _cache.Generation;
        if (Find() is { } trace && _cache.Generation == generation)
        {
            _cache.Connect(linkNumber, trace);
        }
    }

    private Trace Translate(ulong pc)
    {
        _cache.MakeRoom();
        _planner.Plan(pc, _plan);
        int entry = _cache.Assembler.Position;
        int failed = _lowering.Lower(_plan, _common, _cache.NextLinkNumber);
        while (failed >= 0)
        {
            _plan.Cut(failed);
            _cache.Assembler.Position = entry;
            failed = _lowering.Lower(_plan, _common, _cache.NextLinkNumber);
        }

        return _cache.Add(_plan, entry, _lowering.Links);
    }
}
