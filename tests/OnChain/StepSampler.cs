using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Runs a machine to its end by the slow path and proves some steps of every class that it meets: of every
/// instruction, by alignment of the address, branch taken or not, in a delay slot or not; of every system
/// call, by number, descriptor or command, and alignment. Proven are the 1st, 4th, 16th, 64th ... occurrence
/// of a class, so that early and late states are met.
/// </summary>
internal sealed unsafe class StepSampler
{
    private const int AlignmentBit = 2;
    private const int TakenBit = 4;
    private const int DelaySlotBit = 5;
    private const int OpcodeBit = 6;

    private readonly Machine _machine;
    private readonly MachineState<uint> _state;
    private readonly Decoder _decoder;
    private readonly int[] _counts = new int[256 << OpcodeBit];
    private readonly Dictionary<string, int> _syscallCounts = [];

    public StepSampler(Machine machine)
    {
        _machine = machine;
        _state = ((MachineImage<uint>)machine.Image).State;
        _decoder = new Decoder(machine.Features);
    }

    /// <summary>The mnemonics of all executed instructions.</summary>
    public IEnumerable<string> Mnemonics => Enumerable.Range(0, _counts.Length)
        .Where(key => _counts[key] > 0)
        .Select(key => MnemonicOf(key >> OpcodeBit))
        .Concat(_syscallCounts.Count > 0 ? ["syscall"] : [])
        .Distinct();

    /// <summary>The system calls executed: "syscall 4003(5) +0".</summary>
    public IEnumerable<string> Syscalls => _syscallCounts.Keys;

    /// <summary>Runs until the guest exits and returns the proven steps in their order.</summary>
    public List<SampledStep> Run()
    {
        List<SampledStep> steps = [];
        while (!_machine.Exited)
        {
            uint word = _machine.Image.Memory.ReadUInt32(_state.Cpu->Pc);
            Instruction instruction = _decoder.Decode(word);
            if (InstructionWord.IsSyscall(word))
            {
                string name = SyscallName();
                int count = _syscallCounts.GetValueOrDefault(name) + 1;
                _syscallCounts[name] = count;
                Execute(steps, count, () => name);
            }
            else
            {
                int key = KeyOf(instruction, word);
                Execute(steps, ++_counts[key], () => Describe(key));
            }
        }

        return steps;
    }

    private static string MnemonicOf(int opcode) => InstructionSet.Rows[opcode - 1].Mnemonic;

    private static string Describe(int key) => string.Create(
        CultureInfo.InvariantCulture,
        $"{MnemonicOf(key >> OpcodeBit)} +{(key >> AlignmentBit) & 3}"
            + $"{((key >> TakenBit & 1) != 0 ? " taken" : "")}"
            + $"{((key >> DelaySlotBit & 1) != 0 ? " in delay slot" : "")}");

    private static bool IsProven(int count) =>
        BitOperations.IsPow2(count) && (BitOperations.Log2((uint)count) & 1) == 0;

    private void Execute(List<SampledStep> steps, int count, Func<string> describe)
    {
        if (IsProven(count))
        {
            steps.Add(new SampledStep(describe(), _machine.Prove()));
        }
        else
        {
            _machine.ExecuteStep();
        }
    }

    private int KeyOf(Instruction instruction, uint word)
    {
        // SAFETY: the machine's state owns the registers as long as the machine is not disposed.
        CpuState<uint>* cpu = _state.Cpu;
        int key = instruction.Opcode << OpcodeBit;
        if (cpu->NextPc != cpu->Pc + 4)
        {
            key |= 1 << DelaySlotBit;
        }

        uint first = cpu->Registers[instruction.Rs];
        if (InstructionWord.Primary(word) >= 0x20)
        {
            return key | (int)((first + (uint)instruction.SignedImmediate) & 3) << AlignmentBit;
        }

        return IsTaken(word, (int)first, (int)cpu->Registers[instruction.Rt]) ? key | 1 << TakenBit : key;
    }

    private static bool IsTaken(uint word, int first, int second) => InstructionWord.Primary(word) switch
    {
        1 => (InstructionWord.Rt(word) & 1) == 0 ? first < 0 : first >= 0,
        4 => first == second,
        5 => first != second,
        6 => first <= 0,
        7 => first > 0,
        _ => false,
    };

    private string SyscallName()
    {
        // SAFETY: as above.
        CpuState<uint>* cpu = _state.Cpu;
        uint number = cpu->Registers[2];
        uint first = cpu->Registers[4];
        uint second = cpu->Registers[5];
        string arguments = number switch
        {
            4003 or 4004 => $"({first}) +{second & 3}",
            4055 => $"({first}, {second})",
            4090 => first == 0 ? "(0)" : "(hint)",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"syscall {number}{arguments}");
    }
}
