using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
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
    // Samples are taken this often, which costs nothing beside so many steps.
    private const ulong SampleSteps = 250_000;

    // More than the steps of a trace: fewer than that are never executed before a sample.
    private const ulong SampleStepsTolerance = 128;

    // SAFETY: cpu and frame point into the state's native block, which outlives the translator.
    private readonly CpuState<TWord>* _cpu;
    private readonly TranslatorFrame* _frame;
    private readonly TraceCache _cache;
    private readonly TracePlanner<TWord> _planner;
    private readonly TracePlan _plan = new();
    private readonly CodeHeat _heat;
    private readonly RegisterSamples _samples;
    private Lowering _lowering;
    private CommonCode _common;
    private delegate* unmanaged<void*, void*, void> _enter;
    private ulong _stepsUntilSample = SampleSteps;

    private Translator(
        MachineImage<TWord> image,
        CodeCache decoded,
        byte* memoryBase,
        CodeMemory memory,
        TranslatorTuning tuning)
    {
        _heat = new CodeHeat(tuning.HotCount);
        _samples = new RegisterSamples(tuning.Pins);
        _cpu = image.State.Cpu;
        _cache = new TraceCache(memory, image.Memory);
        _planner = new TracePlanner<TWord>(
            image.Memory, image.Features, decoded, _cache, tuning.TraceStepsMax);
        Pin(tuning.Pins);
        _frame = (TranslatorFrame*)((byte*)_cpu + HostLayout.FrameOffset);
        _frame->Memory = memoryBase;
        _frame->JumpTable = _cache.JumpTable;
        _frame->Code = _cache.Code;
        decoded.Translated = this;
    }

    private bool IsInDelaySlot => _cpu->NextPc != _cpu->Pc + TWord.CreateTruncating(4);

    /// <summary>Makes a translator, if processor and system allow it.</summary>
    /// <param name="image">What to run.</param>
    /// <param name="decoded">Knows the watched range, and is told of writes to code.</param>
    /// <param name="memoryBase">What the interpreter takes as memory.</param>
    /// <param name="tuning">What the translator is free to choose.</param>
    /// <param name="refusal">Why there is none, in words for a log line.</param>
    public static Translator<TWord>? TryCreate(
        MachineImage<TWord> image,
        CodeCache decoded,
        byte* memoryBase,
        TranslatorTuning tuning,
        out string? refusal)
    {
        if (!HostProcessor.RunsGeneratedCode)
        {
            refusal = "the processor is not x86-64 with MOVBE, BMI1, BMI2 and LZCNT";
            return null;
        }

        CodeMemory? memory = CodeMemory.TryCreate(tuning.CodeSizeBytes, out refusal);
        return memory is null ? null : new Translator<TWord>(image, decoded, memoryBase, memory, tuning);
    }

    /// <inheritdoc/>
    public ulong Run(ulong budget, out FastPathStop stop)
    {
        ulong done = 0;
        do
        {
            ulong slice = Math.Min(budget - done, _stepsUntilSample);
            ulong executed = slice - RunSlice(slice, out stop);
            done += executed;
            _stepsUntilSample -= executed;
            if (stop != FastPathStop.Budget || _stepsUntilSample >= SampleStepsTolerance)
            {
                break;
            }

            _stepsUntilSample = SampleSteps;
            TakeSample();
        }
        while (done < budget);

        return done;
    }

    /// <inheritdoc/>
    public void CodeWritten(ulong guestAddress) => _cache.CodeWritten(guestAddress);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    // Returns the steps not executed.
    private ulong RunSlice(ulong steps, out FastPathStop stop)
    {
        _frame->Budget = (long)steps;
        int entry = FindEntry();
        while (entry != 0)
        {
            _enter(_cpu, _cache.Code + entry);
            switch ((ExitKind)_frame->Exit)
            {
                case ExitKind.Link:
                    entry = Follow(_frame->ExitLink);
                    break;
                case ExitKind.Miss:
                    entry = FindEntry();
                    break;
                case ExitKind.Odd:
                    stop = FastPathStop.Odd;
                    return (ulong)_frame->Budget;
                default:
                    stop = FastPathStop.Budget;
                    return (ulong)_frame->Budget;
            }
        }

        stop = CodeCache.Covers(ulong.CreateTruncating(_cpu->Pc)) && !IsInDelaySlot
            ? FastPathStop.Cold
            : FastPathStop.Odd;
        return (ulong)_frame->Budget;
    }

    private void TakeSample()
    {
        if (_cache.Find(ulong.CreateTruncating(_cpu->Pc)) is { } trace
            && _samples.Add(trace.RegisterUses) is { } better)
        {
            _cache.Reset();
            Pin(better);
        }
    }

    [MemberNotNull(nameof(_common), nameof(_lowering))]
    private void Pin(IReadOnlyList<int> registers)
    {
        bool wide = sizeof(TWord) == sizeof(ulong);
        var pins = new PinnedRegisters(registers, sizeof(TWord));
        _common = new CommonCode(_cache.Assembler, pins, wide);
        _cache.KeepCommonCode();
        _lowering = new Lowering(_cache.Assembler, _planner.Operations, pins, wide);
        _enter = (delegate* unmanaged<void*, void*, void>)(_cache.Code + _common.Entry);
    }

    // 0 where the guest is in a delay slot, outside of what is translated, or seldom.
    private int FindEntry()
    {
        ulong pc = ulong.CreateTruncating(_cpu->Pc);
        if (!CodeCache.Covers(pc) || IsInDelaySlot)
        {
            return 0;
        }

        int entry = _cache.EntryOf(pc);
        return entry == 0 && _heat.Add(pc) ? Translate(pc).Entry : entry;
    }

    private int Follow(int linkNumber)
    {
        // Translating may make room by forgetting all links.
        int generation = _cache.Generation;
        int entry = FindEntry();
        if (entry != 0
            && _cache.Generation == generation
            && _cache.Find(ulong.CreateTruncating(_cpu->Pc)) is { } trace)
        {
            _cache.Connect(linkNumber, trace);
        }

        return entry;
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

        return _cache.Add(_plan, entry, _planner.Operations.CountRegisterUses(), _lowering.Links);
    }
}
