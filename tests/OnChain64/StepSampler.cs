using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.State;

namespace Culverin.OnChain64.Tests;

/// <summary>A proven step and what it stands for: "ld +2", "j +0 in delay slot", "syscall 5002".</summary>
internal sealed record SampledStep(string Class, StepProof Proof);

/// <summary>
/// Runs a machine to its end by the slow path and proves some steps of every class that it meets: of every
/// instruction, by alignment of the address and delay slot; of every system call, by number, first argument
/// and alignment; of every step without an instruction. Proven are the 1st, 4th, 16th, 64th ... occurrence.
/// </summary>
internal sealed class StepSampler(Machine machine)
{
    private const ulong QuantumSteps = 100_000;
    private const uint SyscallWord = 0x0C;
    private const int AlignmentMask = 7;
    private const int OpcodeBit = 4;
    private const int DelaySlotBit = 3;

    private readonly MachineState<ulong> _state = ((MachineImage<ulong>)machine.Image).State;
    private readonly Decoder _decoder = new(machine.Features);
    private readonly int[] _counts = new int[1024 << OpcodeBit];
    private readonly Dictionary<string, int> _namedCounts = [];

    /// <summary>The mnemonics of all executed instructions.</summary>
    public IEnumerable<string> Mnemonics => Enumerable.Range(0, _counts.Length)
        .Where(key => _counts[key] > 0)
        .Select(key => MnemonicOf(key >> OpcodeBit))
        .Append("syscall")
        .Distinct();

    /// <summary>The system calls executed and the steps without an instruction.</summary>
    public IEnumerable<string> Calls => _namedCounts.Keys;

    /// <summary>Runs until the guest exits and returns the proven steps in their order.</summary>
    public List<SampledStep> Run()
    {
        List<SampledStep> steps = [];
        while (!machine.Exited)
        {
            string? name = IdleName();
            int key = 0;
            if (name is null)
            {
                uint word = machine.Image.Memory.ReadUInt32(_state.ProgramCounter());
                name = (word & 0xFC00_003F) == SyscallWord ? CallName() : null;
                key = name is null ? KeyOf(word) : 0;
            }

            int count = name is null ? ++_counts[key] : Count(name);
            if (IsProven(count))
            {
                steps.Add(new SampledStep(name ?? Describe(key), machine.Prove()));
            }
            else
            {
                machine.ExecuteStep();
            }
        }

        return steps;
    }

    private static string MnemonicOf(int opcode) => InstructionSet.Rows[opcode - 1].Mnemonic;

    private static string Describe(int key) => string.Create(
        CultureInfo.InvariantCulture,
        $"{MnemonicOf(key >> OpcodeBit)} +{key & AlignmentMask}"
            + $"{((key >> DelaySlotBit & 1) != 0 ? " in delay slot" : "")}");

    private static bool IsProven(int count) =>
        BitOperations.IsPow2(count) && (BitOperations.Log2((uint)count) & 1) == 0;

    private int Count(string name) => _namedCounts[name] = _namedCounts.GetValueOrDefault(name) + 1;

    private string? IdleName()
    {
        ThreadTable<ulong> threads = _state.Threads!;
        return threads.Active.Exited ? "pop"
            : threads.StepsSinceLastContextSwitch >= QuantumSteps ? "quantum"
            : null;
    }

    private int KeyOf(uint word)
    {
        Instruction instruction = _decoder.Decode(word);
        int key = instruction.Opcode << OpcodeBit;
        if (_state.IsInDelaySlot())
        {
            key |= 1 << DelaySlotBit;
        }

        ulong address = unchecked(_state.Register((int)(word >> 21) & 31) + (ulong)(short)word);
        bool isAccess = word >> 26 is >= 0x20 or 0x1A or 0x1B;
        return isAccess ? key | (int)(address & AlignmentMask) : key;
    }

    private string CallName()
    {
        ulong number = _state.Register(2);
        ulong first = _state.Register(4);
        ulong second = _state.Register(5);
        string arguments = number switch
        {
            5000 or 5001 => $"({first}) +{second & AlignmentMask}",
            5070 => $"({first}, {second})",
            5009 => first == 0 ? "(0)" : "(hint)",
            5194 => $"({second})",
            5222 => $"({first}) +{second & AlignmentMask}",
            5313 => $" +{first & AlignmentMask}",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"syscall {number}{arguments}");
    }
}
