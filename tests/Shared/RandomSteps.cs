using System;
using System.Collections.Generic;
using System.Linq;
using Culverin.Isa;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random single-step states that lean towards the borders: extreme operands, addresses around word and page
/// borders, odd alignments, delay slots, rare encodings, every system call with plausible and absurd arguments.
/// </summary>
/// <remarks>The seed decides everything; tests print it.</remarks>
public sealed class RandomSteps(int seed, StateVersion version)
{
    private const uint CodePage = 0x0040_0000;
    private const uint DataPage = 0x0123_4000;

    private static readonly uint[] EdgeWords =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x0001_0000,
        0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_0000, 0xFFFF_8000, 0xFFFF_FFFC, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    private static readonly uint[] SyscallNumbers =
        [4001, 4003, 4004, 4045, 4055, 4090, 4120, 4246, 4222, 4238, 4263, 4353, 0, 4999, 0xFFFF_FFFF, 0x1_0FA3];

    private static readonly InstructionRow[] Rows = [.. InstructionSet.Rows.Where(row => row.FixedMask != 0)];

    private readonly Random _random = new(seed);

    /// <summary>A machine image ready for one step; the caller disposes it.</summary>
    public unsafe MachineImage<uint> Next()
    {
        MachineImage<uint> image = MachineImage.CreateEmpty32(version);
        CpuState<uint>* cpu = image.State.Cpu;
        for (int register = 1; register < 32; register++)
        {
            cpu->Registers[register] = Word();
        }

        cpu->Hi = Word();
        cpu->Lo = Word();
        cpu->Pc = CodeAddress();
        cpu->NextPc = _random.Next(8) == 0 ? Word() & ~3u : cpu->Pc + 4;
        image.State.Heap = _random.Next(4) == 0 ? 0x5FFF_F000 : 0x0500_0000 + ((uint)_random.Next(1 << 12) << 12);
        image.State.Step = _random.Next(4) == 0 ? ulong.MaxValue - 1 : (ulong)_random.NextInt64(1L << 42);
        _random.NextBytes(image.State.PreimageKey);
        image.State.PreimageOffset = (uint)_random.Next(64);
        uint instruction = Instruction();
        if (_random.Next(8) == 0)
        {
            instruction = 0x0000_000C | ((uint)_random.Next(1 << 20) << 6);
        }

        if ((instruction & 0xFC00_003F) == 0x0C)
        {
            SetUpSyscall(cpu);
        }

        FillMemory(image, instruction);
        return image;
    }

    private static unsafe uint EffectiveAddress(CpuState<uint>* cpu, uint instruction) =>
        cpu->Registers[(int)((instruction >> 21) & 31)] + (uint)(short)instruction;

    private uint Word() => _random.Next(4) switch
    {
        0 => (uint)_random.NextInt64(1L << 32),
        1 => DataPage + (uint)_random.Next(-8, 4104),
        _ => EdgeWords[_random.Next(EdgeWords.Length)],
    };

    private uint CodeAddress()
    {
        uint address = _random.Next(16) switch
        {
            0 => 0,
            1 => 0xFFFF_FFFC,
            2 => CodePage + 0xFFC,
            3 => 0x0FFF_FFFC,
            _ => CodePage + ((uint)_random.Next(1024) << 2),
        };
        return _random.Next(32) == 0 ? address | (uint)_random.Next(1, 4) : address;
    }

    private uint Instruction()
    {
        if (_random.Next(16) == 0)
        {
            return (uint)_random.NextInt64(1L << 32);
        }

        InstructionRow row = Rows[_random.Next(Rows.Length)];
        uint free = (uint)_random.NextInt64(1L << 32);
        if (_random.Next(2) == 0)
        {
            free &= 0xFFFF_0000;
            free |= EdgeWords[_random.Next(EdgeWords.Length)] & 0xFFFF;
        }

        return (free & ~row.FixedMask) | row.FixedBits;
    }

    private unsafe void SetUpSyscall(CpuState<uint>* cpu)
    {
        cpu->Registers[2] = SyscallNumbers[_random.Next(SyscallNumbers.Length)];
        cpu->Registers[4] = _random.Next(4) == 0 ? Word() : (uint)_random.Next(8);

        // Pre-image reads need an oracle behind the state; tests of whole guests cover them.
        if (cpu->Registers[2] == 4003 && cpu->Registers[4] == 5)
        {
            cpu->Registers[4] = 3;
        }

        cpu->Registers[5] = _random.Next(2) == 0 ? Word() : (uint)_random.Next(5);
        cpu->Registers[6] = _random.Next(2) == 0 ? (uint)_random.Next(16) : Word() & 0xFFFF;
    }

    private unsafe void FillMemory(MachineImage<uint> image, uint instruction)
    {
        CpuState<uint>* cpu = image.State.Cpu;
        HashSet<uint> places = [EffectiveAddress(cpu, instruction), cpu->Registers[5], DataPage, DataPage + 4095];
        byte[] bytes = new byte[24];
        foreach (uint place in places)
        {
            _random.NextBytes(bytes);
            image.Memory.WriteBytes(unchecked(place - 12), bytes);
        }

        byte[] word = new byte[4];
        fixed (byte* target = word)
        {
            // SAFETY: the array has the four bytes that are written.
            BigEndian.WriteUInt32(target, instruction);
        }

        image.Memory.WriteBytes(cpu->Pc & ~3u, word);
    }
}
