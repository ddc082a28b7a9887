using System.Numerics;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random programs that run for a while: straight-line code, short forward and backward branches, calls,
/// loads and stores over a few pages of data, reservations, system calls, several threads, and stores into
/// the code itself.
/// </summary>
/// <remarks>
/// The seed decides everything; tests print it. Pre-images come from <see cref="RandomSteps.CreateOracle"/>.
/// </remarks>
public sealed class RandomProgram(int seed, StateVersion version)
{
    /// <summary>Where the code starts.</summary>
    public const uint CodeStart = 0x0040_0000;

    /// <summary>Instructions in a program.</summary>
    public const int CodeWords = 2048;

    /// <summary>A machine image at the program's first instruction; the caller disposes it.</summary>
    internal MachineImage Create() => FeatureSet.Of(version).WordBits == 32
        ? new RandomProgramImage<uint>(new Random(seed), version).Fill(MachineImage.CreateEmpty32(version))
        : new RandomProgramImage<ulong>(new Random(seed), version).Fill(MachineImage.CreateEmpty64(version));

    /// <summary>A machine there, with the pre-images; the caller disposes it.</summary>
    internal Machine CreateMachine() =>
        Machine.Create(Create(), new MachineOptions { Oracle = RandomSteps.CreateOracle() });
}

/// <summary>Fills one image: memory, registers, threads.</summary>
internal sealed class RandomProgramImage<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const ulong DataStart = 0x0100_0000;
    private const int DataPages = 3;

    // The heap's start, a page beyond the directly mapped space, both sides of a slot's boundary, the top.
    private static readonly ulong[] FarPlaces64 =
        [0x1000_0000_1000, 0x1_0000_0000_1000, 0x200_0000_0000, 0xFFFF_FFFF_FFFF_F000, 0xC0_0000_1000];

    private readonly Random _random;
    private readonly FeatureSet _features;
    private readonly RandomCode _code;
    private readonly TWord _far;

    public RandomProgramImage(Random random, StateVersion version)
    {
        _random = random;
        _features = FeatureSet.Of(version);
        _code = new RandomCode(random, _features);
        _far = TWord.CreateTruncating(_features.WordBits == 32
            ? 0x7FFF_F000
            : FarPlaces64[random.Next(FarPlaces64.Length)]);
    }

    public unsafe MachineImage<TWord> Fill(MachineImage<TWord> image)
    {
        for (int index = 0; index < RandomProgram.CodeWords; index++)
        {
            image.Memory.WriteUInt32(RandomProgram.CodeStart + ((uint)index * 4), _code.Next());
        }

        FillPages(image.Memory, DataStart, DataPages);
        FillPages(image.Memory, ulong.CreateTruncating(_far), 1);
        image.State.Heap = TWord.CreateTruncating(_features.HeapStart);
        if (_features.HasThreads)
        {
            var threads = new RandomThreads<TWord>(_random, new RandomWords<TWord>(_random), _features);
            threads.FillStacks(image, 4, () => new RandomThreads<TWord>.Frame(CodeAddress(), Registers()));
            image.State.Threads!.StepsSinceLastContextSwitch = 100_000 - (ulong)_random.Next(2000);
        }

        // SAFETY: the state's native block lives as long as the image.
        CpuState<TWord>* cpu = image.State.Cpu;
        Registers().CopyTo((Span<TWord>)cpu->Registers);
        cpu->Pc = TWord.CreateTruncating(RandomProgram.CodeStart);
        cpu->NextPc = cpu->Pc + TWord.CreateTruncating(4);
        return image;
    }

    private TWord CodeAddress() => TWord.CreateTruncating(
        RandomProgram.CodeStart + ((uint)_random.Next(RandomProgram.CodeWords) * 4));

    private TWord[] Registers()
    {
        TWord[] registers = new TWord[32];
        for (int register = 1; register < RandomCode.FarBaseRegister; register++)
        {
            registers[register] = TWord.CreateTruncating(_random.NextInt64(long.MinValue, long.MaxValue));
        }

        registers[RandomCode.FarBaseRegister] = _far;
        registers[RandomCode.CodeBaseRegister] =
            TWord.CreateTruncating(RandomProgram.CodeStart + (RandomProgram.CodeWords * 2));
        registers[RandomCode.DataBaseRegister] =
            TWord.CreateTruncating(DataStart + GuestMemory.PageSizeBytes);
        registers[31] = TWord.CreateTruncating(RandomProgram.CodeStart);
        return registers;
    }

    private void FillPages(GuestMemory memory, ulong start, int count)
    {
        byte[] bytes = new byte[count * GuestMemory.PageSizeBytes];
        _random.NextBytes(bytes);
        memory.WriteBytes(start, bytes);
    }
}

/// <summary>Makes instruction words one after another.</summary>
internal sealed class RandomCode(Random random, FeatureSet features)
{
    /// <summary>Holds an address far from code and data; no instruction writes it.</summary>
    public const int FarBaseRegister = 27;

    /// <summary>Holds an address in the middle of the code; no instruction writes it.</summary>
    public const int CodeBaseRegister = 28;

    /// <summary>Holds an address in the middle of the data; it is also the stack pointer.</summary>
    public const int DataBaseRegister = 29;

    private const uint SystemCallWord = 0x0000_000C;
    private const int NumberRegister = 2;
    private const int FirstArgument = 4;

    private static readonly string[] Memory =
    [
        "lb", "lbu", "lh", "lhu", "lw", "lwl", "lwr", "sb", "sh", "sw", "swl", "swr", "lwu", "ld", "sd",
        "ldl", "ldr", "sdl", "sdr",
    ];

    private static readonly string[] Reservations = ["ll", "sc", "lld", "scd"];

    private static readonly string[] Branches =
        ["beq", "bne", "blez", "bgtz", "bltz", "bgez", "bltzal", "bgezal", "regimm"];

    private static readonly string[] NotCalm =
        ["j", "jal", "jr", "jalr", "syscall", "div", "divu", "ddiv", "ddivu", "reserved"];

    private readonly InstructionRow[] _rows =
        [.. new Decoder(features).Opcodes.Select(opcode => InstructionSet.Rows[opcode - 1])];

    private readonly SyscallEntry[] _syscalls = [.. SyscallTable.Of(features)];
    private readonly Queue<uint> _pending = new();

    /// <summary>The next word of code.</summary>
    public uint Next()
    {
        if (_pending.TryDequeue(out uint word))
        {
            return word;
        }

        int kind = random.Next(1000);
        switch (kind)
        {
            case < 580:
                return Fill(Any(row => !Memory.Contains(row.Mnemonic)
                    && !Reservations.Contains(row.Mnemonic)
                    && !Branches.Contains(row.Mnemonic)
                    && !NotCalm.Contains(row.Mnemonic)));
            case < 780:
                return MemoryAccess(Any(row => Memory.Contains(row.Mnemonic)), Offset());
            case < 830:
                Reserve();
                return _pending.Dequeue();
            case < 850:
                return MemoryAccess(Any(row => Reservations.Contains(row.Mnemonic)), Offset());
            case < 955:
                return Branch();
            case < 985:
                Call(mayEnd: true);
                return _pending.Dequeue();
            case < 994:
                return (Fill(Named("jr")) & 0xFC00_003F) | (31u << 21);
            case < 995:
                return Fill(Any(row => NotCalm.Contains(row.Mnemonic)));
            default:
                uint index = (RandomProgram.CodeStart >> 2) + (uint)random.Next(RandomProgram.CodeWords);
                return Named("jal").FixedBits | index;
        }
    }

    /// <summary>A system call with its arguments.</summary>
    /// <param name="mayEnd">Whether it may end a thread or the program, or start a thread.</param>
    public IReadOnlyList<uint> SystemCall(bool mayEnd)
    {
        Call(mayEnd);
        return TakePending();
    }

    /// <summary>A load-linked and a store-conditional, perhaps something between.</summary>
    public IReadOnlyList<uint> Reservation()
    {
        Reserve();
        return TakePending();
    }

    private uint[] TakePending()
    {
        uint[] words = [.. _pending];
        _pending.Clear();
        return words;
    }

    private InstructionRow Any(Func<InstructionRow, bool> isWanted)
    {
        InstructionRow[] wanted = [.. _rows.Where(isWanted)];
        return wanted[random.Next(wanted.Length)];
    }

    private InstructionRow Named(string mnemonic) => _rows.First(row => row.Mnemonic == mnemonic);

    // Destinations stay below the base registers, so that loads and stores keep finding their pages.
    private uint Fill(InstructionRow row)
    {
        uint fields = ((uint)random.Next(32) << 21)
            | ((uint)random.Next(FarBaseRegister) << 16)
            | ((uint)random.Next(FarBaseRegister) << 11)
            | (uint)random.Next(1 << 11);
        if (row.Format == InstructionFormat.Immediate)
        {
            fields = (fields & 0xFFFF_0000) | (uint)random.Next(1 << 16);
        }

        return (fields & ~row.FixedMask) | row.FixedBits;
    }

    private uint Offset() => (uint)random.Next(-4096, 4096) & 0xFFFF;

    private uint MemoryAccess(InstructionRow row, uint offset)
    {
        uint baseRegister = random.Next(16) switch
        {
            0 => CodeBaseRegister,
            < 4 => FarBaseRegister,
            _ => DataBaseRegister,
        };
        return (Fill(row) & ~0x03E0_FFFFu) | (baseRegister << 21) | offset;
    }

    // A load-linked, perhaps something between, and a store-conditional of the same address and size.
    private void Reserve()
    {
        bool isDoubleword = features.WordBits == 64 && random.Next(2) == 0;
        uint linked = MemoryAccess(Named(isDoubleword ? "lld" : "ll"), Offset());
        _pending.Enqueue(linked);
        switch (random.Next(6))
        {
            case 0:
                uint store = Fill(Named(isDoubleword ? "sd" : "sb")) & ~0x03E0_FFFFu;
                _pending.Enqueue(store | (linked & 0x03E0_FFFF));
                break;
            case 1:
                _pending.Enqueue(MemoryAccess(Named("sw"), Offset()));
                break;
            case 2:
                _pending.Enqueue(Fill(Named("addu")));
                break;
        }

        uint conditional = Fill(Named(isDoubleword ? "scd" : "sc")) & ~0x03E0_FFFFu;
        _pending.Enqueue(conditional | (linked & 0x03E0_FFFF));
    }

    private uint Branch()
    {
        uint word = Fill(Any(row => Branches.Contains(row.Mnemonic)));
        uint offset = (uint)random.Next(-12, 30) & 0xFFFF;
        return (word & 0xFFFF_0000) | offset;
    }

    private void Call(bool mayEnd)
    {
        SyscallEntry call = _syscalls[random.Next(_syscalls.Length)];
        bool isEnd = call.Name is "exit_group" or "exit" or "clone";
        if (isEnd && (!mayEnd || random.Next(4) != 0))
        {
            call = _syscalls.First(entry => entry.Name == "brk");
        }

        PutSmall(NumberRegister, (int)call.Number);
        switch (call.Name)
        {
            case "clone":
                _pending.Enqueue(Named("lui").FixedBits | (FirstArgument << 16) | 5);
                uint both = (FirstArgument << 21) | (FirstArgument << 16);
                _pending.Enqueue(Named("ori").FixedBits | both | 0x0F00);
                PutAddress(FirstArgument + 1, 0);
                break;
            case "futex":
                // The value at the address, loaded just before, or another.
                uint offset = Offset() & 0xFFF8;
                PutAddress(FirstArgument, offset);
                PutSmall(FirstArgument + 1, 128 + random.Next(2));
                bool isWide = features.FutexValueSizeBytes > sizeof(uint);
                uint load = Named(isWide ? "ld" : "lw").FixedBits | (FirstArgument + 2) << 16;
                _pending.Enqueue(load | (DataBaseRegister << 21) | offset);
                PutSmall(FirstArgument + 3, random.Next(2));
                break;
            case "getrandom":
                PutAddress(FirstArgument, Offset());
                PutSmall(FirstArgument + 1, random.Next(12));
                break;
            default:
                PutSmall(FirstArgument, random.Next(8));
                PutAddress(FirstArgument + 1, Offset());
                PutSmall(FirstArgument + 2, random.Next(16));
                break;
        }

        _pending.Enqueue(SystemCallWord);
    }

    private void PutSmall(int register, int value) =>
        _pending.Enqueue(Named("ori").FixedBits | ((uint)register << 16) | (uint)value);

    private void PutAddress(int register, uint offset)
    {
        string mnemonic = features.WordBits == 32 ? "addiu" : "daddiu";
        uint fields = (DataBaseRegister << 21) | ((uint)register << 16) | offset;
        _pending.Enqueue(Named(mnemonic).FixedBits | fields);
    }
}
