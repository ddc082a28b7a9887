using System.Buffers.Binary;
using System.Numerics;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Oracle;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random single-step states of any version that lean towards the borders: extreme operands, addresses around
/// word, page and slot borders, odd alignments, delay slots, rare encodings, every system call with plausible
/// and absurd arguments, threads in every state.
/// </summary>
/// <remarks>The seed decides everything; tests print it.</remarks>
public sealed class RandomSteps(int seed, StateVersion version)
{
    private const int PreimageBytesMax = 48;

    /// <summary>Whether some steps read a pre-image, which <see cref="CreateOracle"/> gives.</summary>
    public bool ReadsPreimages { get; init; } = true;

    /// <summary>An oracle that makes a short pre-image for every key from the key itself.</summary>
    public static IPreimageOracle CreateOracle() => new CallbackOracle(key =>
    {
        byte[] value = new byte[key[^1] % PreimageBytesMax];
        new Random(key[0] + (key[1] << 8)).NextBytes(value);
        return value;
    });

    /// <summary>A machine image ready for one step; the caller disposes it.</summary>
    internal MachineImage Next() => FeatureSet.Of(version).WordBits == 32
        ? new RandomState<uint>(new Random(seed), version, ReadsPreimages)
            .Fill(MachineImage.CreateEmpty32(version))
        : new RandomState<ulong>(new Random(seed), version, ReadsPreimages)
            .Fill(MachineImage.CreateEmpty64(version));
}

/// <summary>Fills one image.</summary>
internal sealed class RandomState<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const uint SystemCall = 0x0000_000C;
    private const int NumberRegister = 2;
    private const int FirstArgument = 4;
    private const uint CloneFlags = 0x50F00;
    private const int PreimageRead = 5;
    private const int HintWrite = 4;

    private readonly Random _random;
    private readonly bool _readsPreimages;
    private readonly FeatureSet _features;
    private readonly RandomWords<TWord> _words;
    private readonly InstructionRow[] _rows;
    private readonly SyscallEntry[] _syscalls;

    public RandomState(Random random, StateVersion version, bool readsPreimages)
    {
        _random = random;
        _readsPreimages = readsPreimages;
        _features = FeatureSet.Of(version);
        _words = new RandomWords<TWord>(random);
        _syscalls = [.. SyscallTable.Of(_features)];
        _rows =
        [
            .. new Decoder(_features).Opcodes.Select(opcode => InstructionSet.Rows[opcode - 1])
                .Where(row => row.FixedMask != 0),
        ];
    }

    public unsafe MachineImage<TWord> Fill(MachineImage<TWord> image)
    {
        MachineState<TWord> state = image.State;
        state.Step = _random.Next(4) == 0 ? ulong.MaxValue - 1 : (ulong)_random.NextInt64(1L << 42);
        var threads = new RandomThreads<TWord>(_random, _words, _features);
        if (_features.HasThreads)
        {
            threads.FillStacks(
                image, 5, () => new RandomThreads<TWord>.Frame(_words.CodeAddress(), Registers()));
        }

        // SAFETY: the state's native block lives as long as the image.
        CpuState<TWord>* cpu = state.Cpu;
        Registers().CopyTo((Span<TWord>)cpu->Registers);
        cpu->Hi = _words.Any();
        cpu->Lo = _words.Any();
        cpu->Pc = _words.CodeAddress();
        TWord inOrder = unchecked(cpu->Pc + TWord.CreateTruncating(4));
        cpu->NextPc = _random.Next(8) == 0 ? _words.Any() & ~TWord.CreateTruncating(3) : inOrder;
        state.Heap = Heap();
        _random.NextBytes(state.PreimageKey);
        state.PreimageOffset = TWord.CreateTruncating(_random.Next(64));
        uint instruction = Instruction();
        if ((instruction & 0xFC00_003F) == SystemCall)
        {
            SetUpSyscall(image);
        }

        FillMemory(image, instruction);
        if (state.Threads is { } table)
        {
            table.StepsSinceLastContextSwitch = threads.StepsInTurn();
            table.Wakeup = _features.HasFutexState ? threads.Wakeup(table) : TWord.AllBitsSet;
            threads.Reserve(table, EffectiveAddress(cpu, instruction));
            table.SaveActive();
        }

        return image;
    }

    private static unsafe TWord EffectiveAddress(CpuState<TWord>* cpu, uint instruction) => unchecked(
        cpu->Registers[(int)((instruction >> 21) & 31)] + TWord.CreateTruncating((short)instruction));

    // A register 0 that is not zero cannot come about, but a state file may claim it.
    private TWord[] Registers()
    {
        TWord[] registers = new TWord[32];
        for (int register = 1; register < registers.Length; register++)
        {
            registers[register] = _words.Any();
        }

        registers[0] = _random.Next(32) == 0 ? _words.Any() : TWord.Zero;
        return registers;
    }

    private TWord Heap()
    {
        ulong start = _features.HeapStart + ((ulong)_random.Next(1 << 12) << 12);
        return RandomWords<TWord>.Cut(_random.Next(4) == 0 ? _features.HeapEnd - 4096 : start);
    }

    private uint Instruction()
    {
        if (_random.Next(16) == 0)
        {
            return (uint)_random.NextInt64(1L << 32);
        }

        if (_random.Next(6) == 0)
        {
            return SystemCall | ((uint)_random.Next(1 << 20) << 6);
        }

        InstructionRow row = _rows[_random.Next(_rows.Length)];
        uint free = (uint)_random.NextInt64(1L << 32);
        if (_random.Next(2) == 0)
        {
            free = (free & 0xFFFF_0000) | ushort.CreateTruncating(_words.Edge());
        }

        return (free & ~row.FixedMask) | row.FixedBits;
    }

    private unsafe void SetUpSyscall(MachineImage<TWord> image)
    {
        CpuState<TWord>* cpu = image.State.Cpu;
        SyscallEntry call = _syscalls[_random.Next(_syscalls.Length)];
        Span<TWord> a = cpu->Registers[FirstArgument..(FirstArgument + 4)];
        cpu->Registers[NumberRegister] = _random.Next(10) == 0
            ? _words.Any()
            : TWord.CreateTruncating(call.Number);
        a[0] = _random.Next(4) == 0 ? _words.Any() : TWord.CreateTruncating(_random.Next(8));
        a[1] = _random.Next(2) == 0 ? _words.Any() : TWord.CreateTruncating(_random.Next(5));
        a[2] = _random.Next(2) == 0 ? TWord.CreateTruncating(_random.Next(16)) : _words.Any();
        a[3] = _random.Next(2) == 0 ? TWord.Zero : _words.Any();
        switch (call.Name)
        {
            case "clone":
                a[0] = _random.Next(4) == 0 ? a[0] : TWord.CreateTruncating(CloneFlags);
                break;
            case "futex":
                SetUpFutex(image, a);
                break;
            case "getrandom":
                a[0] = _words.DataAddress();
                break;
            case "read" or "write":
                bool isRefused = a[0] == TWord.CreateTruncating(PreimageRead) && !_readsPreimages;
                a[0] = isRefused ? TWord.One : a[0];
                a[1] = _words.DataAddress();

                // A hint of any length would have to be kept until it is whole.
                bool isHint = a[0] == TWord.CreateTruncating(HintWrite);
                a[2] = isHint ? a[2] & TWord.CreateTruncating(0xFFFF) : a[2];
                break;
        }
    }

    private void SetUpFutex(MachineImage<TWord> image, Span<TWord> a)
    {
        a[0] = _words.DataAddress();
        a[1] = TWord.CreateTruncating(_random.Next(8) == 0 ? _random.Next(256) : 128 + _random.Next(2));
        ulong size = (ulong)_features.FutexValueSizeBytes;
        ulong aligned = ulong.CreateTruncating(a[0]) & ~(size - 1);
        byte[] bytes = new byte[size];
        _random.NextBytes(bytes);
        image.Memory.WriteBytes(aligned, bytes);
        TWord value = TWord.ReadBigEndian(bytes, isUnsigned: true);
        a[2] = _random.Next(3) == 0 ? a[2] : value;
    }

    private unsafe void FillMemory(MachineImage<TWord> image, uint instruction)
    {
        CpuState<TWord>* cpu = image.State.Cpu;
        byte[] word = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(word, instruction);
        bool isSyscall = (instruction & 0xFC00_003F) == SystemCall;
        if (_random.Next(8) != 0)
        {
            // What a futex compares is in place already.
            HashSet<TWord> places = isSyscall
                ? [cpu->Registers[FirstArgument + 1]]
                : [EffectiveAddress(cpu, instruction), _words.DataPage];
            byte[] bytes = new byte[32];
            foreach (TWord place in places)
            {
                _random.NextBytes(bytes);
                TWord start = unchecked(place - TWord.CreateTruncating(16));
                image.Memory.WriteBytes(ulong.CreateTruncating(start), bytes);
            }
        }

        image.Memory.WriteBytes(ulong.CreateTruncating(cpu->Pc & ~TWord.CreateTruncating(3)), word);
    }
}
