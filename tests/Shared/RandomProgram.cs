using System;
using System.Linq;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random programs that run for a while: straight-line code, short forward and backward branches, calls,
/// loads and stores over a few pages of data, and stores into the code itself.
/// </summary>
/// <remarks>The seed decides everything; tests print it.</remarks>
public sealed class RandomProgram(int seed, StateVersion version)
{
    /// <summary>Where the code starts.</summary>
    public const uint CodeStart = 0x0040_0000;

    private const int CodeWords = 2048;
    private const uint DataStart = 0x0100_0000;
    private const int CodeBaseRegister = 28;
    private const int DataBaseRegister = 29;

    private static readonly string[] Calm =
    [
        "addu", "subu", "addiu", "and", "or", "xor", "nor", "andi", "ori", "xori", "lui", "slt", "sltu", "slti",
        "sltiu", "sll", "srl", "sra", "sllv", "srlv", "srav", "mult", "multu", "mul", "mflo", "mfhi", "mtlo",
        "mthi", "movz", "movn", "clz", "clo", "sync", "add", "addi", "sub",
    ];

    private static readonly string[] Memory =
        ["lb", "lbu", "lh", "lhu", "lw", "lwl", "lwr", "sb", "sh", "sw", "swl", "swr", "ll", "sc"];

    private static readonly string[] Branches =
        ["beq", "bne", "blez", "bgtz", "bltz", "bgez", "bltzal", "bgezal", "regimm"];

    private readonly Random _random = new(seed);

    /// <summary>A machine image at the program's first instruction; the caller disposes it.</summary>
    public unsafe MachineImage<uint> Create()
    {
        MachineImage<uint> image = MachineImage.CreateEmpty32(version);
        for (int index = 0; index < CodeWords; index++)
        {
            image.Memory.WriteUInt32(CodeStart + ((uint)index * 4), Instruction());
        }

        for (uint page = 0; page < 3; page++)
        {
            byte[] bytes = new byte[GuestMemory.PageSizeBytes];
            _random.NextBytes(bytes);
            image.Memory.WriteBytes(DataStart + (page * GuestMemory.PageSizeBytes), bytes);
        }

        CpuState<uint>* cpu = image.State.Cpu;
        for (int register = 1; register < CodeBaseRegister; register++)
        {
            cpu->Registers[register] = (uint)_random.NextInt64(1L << 32);
        }

        cpu->Registers[CodeBaseRegister] = CodeStart + (CodeWords * 2);
        cpu->Registers[DataBaseRegister] = DataStart + GuestMemory.PageSizeBytes;
        cpu->Registers[31] = CodeStart;
        cpu->Pc = CodeStart;
        cpu->NextPc = CodeStart + 4;
        image.State.Heap = 0x0500_0000;
        return image;
    }

    private static InstructionRow Row(string mnemonic) =>
        InstructionSet.Rows.First(row => row.Mnemonic == mnemonic);

    private uint Instruction()
    {
        int kind = _random.Next(100);
        return kind switch
        {
            < 60 => Fill(Row(Calm[_random.Next(Calm.Length)])),
            < 85 => MemoryAccess(),
            < 97 => Branch(),
            < 98 => 0x0000_000C,
            < 99 => Fill(Row("jr")) & 0xFC00_003F | (31u << 21),
            _ => Row("jal").FixedBits | ((CodeStart >> 2) + (uint)_random.Next(CodeWords)),
        };
    }

    // Destinations stay below the base registers, so that loads and stores keep finding their pages.
    private uint Fill(InstructionRow row)
    {
        uint fields = ((uint)_random.Next(32) << 21)
            | ((uint)_random.Next(CodeBaseRegister) << 16)
            | ((uint)_random.Next(CodeBaseRegister) << 11)
            | (uint)_random.Next(1 << 11);
        if (row.Format == InstructionFormat.Immediate)
        {
            fields = (fields & 0xFFFF_0000) | (uint)_random.Next(1 << 16);
        }

        return (fields & ~row.FixedMask) | row.FixedBits;
    }

    private uint MemoryAccess()
    {
        uint word = Fill(Row(Memory[_random.Next(Memory.Length)]));
        uint baseRegister = _random.Next(12) == 0 ? (uint)CodeBaseRegister : DataBaseRegister;
        uint offset = (uint)_random.Next(-4096, 4096) & 0xFFFF;
        return (word & ~0x03E0_FFFFu) | (baseRegister << 21) | offset;
    }

    private uint Branch()
    {
        uint word = Fill(Row(Branches[_random.Next(Branches.Length)]));
        uint offset = (uint)_random.Next(-12, 30) & 0xFFFF;
        return (word & 0xFFFF_0000) | offset;
    }
}
