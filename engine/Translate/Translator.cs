using System.Numerics;
using Culverin.Execute;
using Culverin.Execute.Threaded;
using Culverin.State;
using Culverin.Translate.Ir;
using Culverin.Translate.X64;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// Runs a guest as machine code, translated superblock by superblock when an address has been reached often
/// enough. It executes ordinary steps only, exactly as many as asked at most, and hands everything else back.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed unsafe class Translator<TWord> : IFastPath, IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // Samples are taken this often, which costs nothing beside so many steps.
    private const ulong SampleSteps = 250_000;

    // More than the steps of a superblock: fewer than that are never executed before a sample.
    private const ulong SampleStepsTolerance = 128;

    // SAFETY: cpu and frame point into the state's native block, which outlives the translator.
    private readonly CpuState<TWord>* _cpu;
    private readonly TranslatorFrame* _frame;
    private readonly ISuperblockCompiler _compiler;
    private readonly SuperblockCache _cache;
    private readonly SuperblockPlanner<TWord> _planner;
    private readonly SuperblockPlan _plan = new();
    private readonly CodeHeat _heat;
    private readonly RegisterSamples _samples;
    private delegate* unmanaged<void*, void*, void> _enter;
    private ulong _stepsUntilSample = SampleSteps;

    private Translator(
        MachineImage<TWord> image,
        DecodeCache decoded,
        byte* memoryBase,
        CodeMemory memory,
        ISuperblockCompiler compiler,
        TranslatorTuning tuning)
    {
        _compiler = compiler;
        _heat = new CodeHeat(tuning.HotCount);
        _samples = new RegisterSamples(tuning.Pins, compiler.PinCount);
        _cpu = image.State.Cpu;
        _cache = new SuperblockCache(memory, compiler, image.Memory);
        _planner = new SuperblockPlanner<TWord>(
            image.Memory,
            image.Features,
            decoded,
            pc => _cache.Find(pc) is not null,
            tuning.SuperblockStepsMax);
        Pin(tuning.Pins);
        _frame = (TranslatorFrame*)((byte*)_cpu + TranslatorFrame.BlockOffset);
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
        DecodeCache decoded,
        byte* memoryBase,
        TranslatorTuning tuning,
        out string? refusal)
    {
        if (!X64Compiler.RunsHere(out refusal)
            || CodeMemory.TryCreate(tuning.CodeSizeBytes, out refusal) is not { } memory)
        {
            return null;
        }

        var compiler = new X64Compiler(memory, sizeof(TWord) == sizeof(ulong));
        return new Translator<TWord>(image, decoded, memoryBase, memory, compiler, tuning);
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
                case ExitKind.SideExit:
                    stop = FastPathStop.SideExit;
                    return (ulong)_frame->Budget;
                default:
                    stop = FastPathStop.Budget;
                    return (ulong)_frame->Budget;
            }
        }

        stop = DecodeCache.Covers(ulong.CreateTruncating(_cpu->Pc)) && !IsInDelaySlot
            ? FastPathStop.Cold
            : FastPathStop.SideExit;
        return (ulong)_frame->Budget;
    }

    private void TakeSample()
    {
        if (_cache.Find(ulong.CreateTruncating(_cpu->Pc)) is { } superblock
            && _samples.Add(superblock.RegisterUses) is { } better)
        {
            _cache.Clear();
            Pin(better);
        }
    }

    private void Pin(IReadOnlyList<int> registers)
    {
        int entry = _compiler.Begin(_planner.Operations, registers);
        _enter = (delegate* unmanaged<void*, void*, void>)(_cache.Code + entry);
    }

    // 0 where the guest is in a delay slot, outside of what is translated, or seldom.
    private int FindEntry()
    {
        ulong pc = ulong.CreateTruncating(_cpu->Pc);
        if (!DecodeCache.Covers(pc) || IsInDelaySlot)
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
            && _cache.Find(ulong.CreateTruncating(_cpu->Pc)) is { } superblock)
        {
            _cache.Connect(linkNumber, superblock);
        }

        return entry;
    }

    private Superblock Translate(ulong pc)
    {
        _cache.MakeRoom();
        _planner.Plan(pc, _plan);
        int entry = _compiler.Compile(_plan, _cache.NextLinkNumber);
        return _cache.Add(_plan, entry, _planner.Operations.CountRegisterUses(), _compiler.Links);
    }
}
