using System.Numerics;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared.Engines;

/// <summary>
/// Random programs that come back to their start again and again, with data at the borders of pages, slots,
/// signs and the address space, and code at places just as odd.
/// </summary>
/// <remarks>
/// The seed decides everything; tests print it. Pre-images come from <see cref="RandomSteps.CreateOracle"/>.
/// </remarks>
public sealed class HotProgram(int seed, StateVersion version)
{
    /// <summary>Whether the program may write to its own code, which takes time to follow.</summary>
    public bool ChangesCode { get; init; } = true;

    /// <summary>A machine image at the program's first instruction; the caller disposes it.</summary>
    internal MachineImage Create() => FeatureSet.Of(version).WordBits == 32
        ? new HotProgramImage<uint>(new Random(seed), version, ChangesCode)
            .Fill(MachineImage.CreateEmpty32(version))
        : new HotProgramImage<ulong>(new Random(seed), version, ChangesCode)
            .Fill(MachineImage.CreateEmpty64(version));
}

/// <summary>Fills one image: memory, registers, threads.</summary>
internal sealed class HotProgramImage<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const ulong FourGibibytes = 1UL << 32;
    private const ulong DataBoundary = 0x0100_1000;
    private const ulong SignBoundary = 0x8000_0000;

    // The code must not be among the data that loops run over.
    private const ulong DistanceMin = 0x2_0000;
    private const int PageSizeBytes = GuestMemory.PageSizeBytes;

    private static readonly ulong[] Places32 =
        [DataBoundary, 0, 0x7FFF_F000, SignBoundary, 0xFFFF_F000, 0xFFFF_FFF8, 0x0500_0FF8, 0x0123_4000];

    // Besides those: heaps, a slot's boundary, the last page of the slots, above them, the top.
    private static readonly ulong[] Places64 =
    [
        .. Places32, FourGibibytes, 0xC0_0000_1000, 0x100_0000_0000, 0xFF_FFFF_F000, 0x1000_0000_1000,
        0xFFFF_FFFF_F000, 0x1_0000_0000_0000, 0x5500_0000_0000_1000, 0x8000_0000_0000_0000,
        0xFFFF_FFFF_FFFF_F000, 0xFFFF_FFFF_FFFF_FFF8,
    ];

    private readonly Random _random;
    private readonly FeatureSet _features;
    private readonly RandomWords<TWord> _words;
    private readonly uint[] _code;
    private readonly ulong _start;
    private readonly ulong _codeBase;
    private readonly bool _fallsOff;
    private readonly List<(int Register, ulong Address)> _bases = [];

    public HotProgramImage(Random random, StateVersion version, bool changesCode)
    {
        _random = random;
        _features = FeatureSet.Of(version);
        _words = new RandomWords<TWord>(random);
        int count = random.Next(220, 620);
        bool atEnd = random.Next(12) == 0;
        _start = atEnd ? FourGibibytes - ((ulong)count * sizeof(uint)) : Start();
        _codeBase = _start + ((ulong)count * 2);
        ChooseBases();
        bool comesBack = !atEnd || random.Next(2) == 0;
        _fallsOff = !comesBack;
        var code = new HotCode(random, _features, _start, _codeBase) { ChangesCode = changesCode };
        _code = code.Make(count, [.. _bases.Where(_ => random.Next(3) != 0)], comesBack);
        if (_code.Length != count)
        {
            throw new InvalidOperationException($"{_code.Length} words instead of {count}.");
        }
    }

    private static unsafe bool IsWide => sizeof(TWord) == sizeof(ulong);

    public unsafe MachineImage<TWord> Fill(MachineImage<TWord> image)
    {
        FillData(image.Memory);
        for (int index = 0; index < _code.Length; index++)
        {
            image.Memory.WriteUInt32(_start + ((ulong)index * sizeof(uint)), _code[index]);
        }

        if (_fallsOff)
        {
            // Behind the last word of the low 4 GiB: beq r0, r0, to the start; its delay slot is a nop.
            image.Memory.WriteUInt32(Cut(FourGibibytes), 0x1000_0000u | (ushort)(-_code.Length - 1));
        }

        image.State.Heap = TWord.CreateTruncating(_features.HeapStart);
        if (_features.HasThreads)
        {
            var threads = new RandomThreads<TWord>(_random, _words, _features);
            threads.FillStacks(image, 3, () => new RandomThreads<TWord>.Frame(CodeAddress(), Registers()));
            image.State.Threads!.StepsSinceLastContextSwitch =
                _random.Next(2) == 0 ? 0 : 100_000 - (ulong)_random.Next(3000);
        }

        // SAFETY: the state's native block lives as long as the image.
        CpuState<TWord>* cpu = image.State.Cpu;
        Registers().CopyTo((Span<TWord>)cpu->Registers);
        cpu->Hi = _words.Any();
        cpu->Lo = _words.Any();
        cpu->Pc = TWord.CreateTruncating(_start);
        cpu->NextPc = cpu->Pc + TWord.CreateTruncating(4);
        return image;
    }

    // Mostly the usual place; also across pages, at the start of the space, across the sign's boundary.
    private ulong Start() => _random.Next(8) switch
    {
        0 => 0,
        1 => SignBoundary - (4 * (ulong)_random.Next(100)),
        2 or 3 => 0x0040_1000 - (4 * (ulong)_random.Next(200)),
        _ => 0x0040_0000,
    };

    private void ChooseBases()
    {
        ulong[] places = [.. (IsWide ? Places64 : Places32).Where(IsFarFromCode)];
        for (int register = HotWords.FirstBaseRegister; register <= HotWords.LastBaseRegister; register++)
        {
            ulong place = _random.Next(3) == 0 ? DataBoundary : places[_random.Next(places.Length)];
            ulong moved = _random.Next(4) == 0 ? place + (ulong)_random.Next(16) : place;
            _bases.Add((register, Cut(moved)));
        }

        int codeIndex = HotWords.CodeBaseRegister - HotWords.FirstBaseRegister;
        _bases[codeIndex] = (HotWords.CodeBaseRegister, _codeBase);
        _bases.Add((HotWords.IslandBaseRegister, _start + HotCode.IslandMiddle));
    }

    private bool IsFarFromCode(ulong place) =>
        Cut(place - _start + DistanceMin) > 2 * DistanceMin;

    private static ulong Cut(ulong value) => IsWide ? value : (uint)value;

    private TWord CodeAddress() => TWord.CreateTruncating(
        _start + ((ulong)_random.Next(HotCode.IslandWords + 2, _code.Length) * sizeof(uint)));

    private TWord[] Registers()
    {
        TWord[] registers = new TWord[32];
        for (int register = 1; register < registers.Length; register++)
        {
            registers[register] = _words.Any();
        }

        foreach ((int register, ulong address) in _bases)
        {
            registers[register] = TWord.CreateTruncating(address);
        }

        registers[HotWords.LinkRegister] = TWord.CreateTruncating(_start);
        return registers;
    }

    // Of the pages around every place some are absent.
    private unsafe void FillData(GuestMemory memory)
    {
        byte[] bytes = new byte[PageSizeBytes];
        foreach ((int register, ulong address) in _bases)
        {
            for (int neighbour = -1; neighbour <= 1; neighbour++)
            {
                bool isCode = register is HotWords.CodeBaseRegister or HotWords.IslandBaseRegister;
                if (isCode || _random.Next(3) == 0)
                {
                    continue;
                }

                for (int offset = 0; offset < bytes.Length; offset += sizeof(TWord))
                {
                    TWord word = _random.Next(3) == 0 ? _words.Edge() : _words.Bits();
                    _ = word.WriteBigEndian(bytes.AsSpan(offset));
                }

                ulong page = Cut(address + (ulong)(long)(neighbour * PageSizeBytes)) & ~0xFFFUL;
                memory.WriteBytes(page, bytes);
            }
        }
    }
}
