using System.Globalization;
using System.Numerics;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;

namespace Culverin.OnChain.Tests;

/// <summary>A proven step and what it stands for: "lw +2", "beq taken", "read(5) +0".</summary>
internal sealed record SampledStep(string Class, StepProof Proof);

/// <summary>
/// Runs a machine to its end by the slow path and proves some steps of every class that it meets: of every
/// instruction, by alignment of the address, branch taken or not, in a delay slot or not; of every system
/// call, by name, argument and alignment; of every step without an instruction. Proven are the 1st, 4th,
/// 16th, 64th ... occurrence of a class, so that early and late states are met.
/// </summary>
internal sealed class StepSampler(Machine machine)
{
    private const ulong QuantumSteps = 100_000;
    private const uint SyscallWord = 0x0C;
    private const int OpcodeBit = 6;
    private const int DelaySlotBit = 5;
    private const int TakenBit = 4;
    private const int AlignmentMask = 7;

    private readonly MachineImage _image = machine.Image;
    private readonly Decoder _decoder = new(machine.Features);
    private readonly Dictionary<uint, SyscallEntry> _syscalls = SyscallTable.ByNumber(machine.Features);
    private readonly int[] _counts = new int[1024 << OpcodeBit];
    private readonly Dictionary<string, int> _namedCounts = [];
    private readonly HashSet<string> _callNames = [];

    /// <summary>The mnemonics of all executed instructions.</summary>
    public IEnumerable<string> Mnemonics => Enumerable.Range(0, _counts.Length)
        .Where(key => _counts[key] > 0)
        .Select(key => MnemonicOf(key >> OpcodeBit))
        .Concat(_callNames.Count > 0 ? ["syscall"] : [])
        .Distinct();

    /// <summary>The names of the system calls executed.</summary>
    public IReadOnlySet<string> CallNames => _callNames;

    /// <summary>The system calls executed, "read(5) +0", and the steps without an instruction.</summary>
    public IEnumerable<string> Calls => _namedCounts.Keys;

    private int WordBytes => machine.Features.WordBits / 8;

    /// <summary>Samples a guest's whole run.</summary>
    public static List<SampledStep> Sample(DeployedContract contract, string guest)
    {
        using Machine machine = new GuestVector(contract.Version, guest).CreateMachine();
        return new StepSampler(machine).Run();
    }

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
                uint word = _image.Memory.ReadUInt32(machine.ProgramCounter);
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
            + $"{((key >> TakenBit & 1) != 0 ? " taken" : "")}"
            + $"{((key >> DelaySlotBit & 1) != 0 ? " in delay slot" : "")}");

    private static bool IsProven(int count) =>
        BitOperations.IsPow2(count) && (BitOperations.Log2((uint)count) & 1) == 0;

    private int Count(string name) => _namedCounts[name] = _namedCounts.GetValueOrDefault(name) + 1;

    private string? IdleName() => _image.Threads() is not { } threads ? null
        : threads.Active.Exited ? "pop"
        : threads.StepsSinceLastContextSwitch >= QuantumSteps ? "quantum"
        : null;

    private int KeyOf(uint word)
    {
        int key = _decoder.Decode(word).Opcode << OpcodeBit;
        if (_image.IsInDelaySlot())
        {
            key |= 1 << DelaySlotBit;
        }

        ulong first = _image.Register((int)(word >> 21) & 31);
        if (word >> 26 is >= 0x20 or 0x1A or 0x1B)
        {
            return key | (int)(unchecked(first + (ulong)(short)word) & (ulong)(WordBytes - 1));
        }

        ulong second = _image.Register((int)(word >> 16) & 31);
        return IsTaken(word, Signed(first), Signed(second)) ? key | 1 << TakenBit : key;
    }

    private long Signed(ulong value) => WordBytes == sizeof(uint) ? (int)value : (long)value;

    private static bool IsTaken(uint word, long first, long second) => (word >> 26) switch
    {
        1 => (word >> 16 & 1) == 0 ? first < 0 : first >= 0,
        4 => first == second,
        5 => first != second,
        6 => first <= 0,
        7 => first > 0,
        _ => false,
    };

    private string CallName()
    {
        ulong number = _image.Register(2);
        ulong first = _image.Register(4);
        ulong second = _image.Register(5);
        ulong mask = (ulong)WordBytes - 1;
        string name = number <= uint.MaxValue && _syscalls.TryGetValue((uint)number, out SyscallEntry? known)
            ? known.Name
            : $"syscall {number}";
        _callNames.Add(name);
        string arguments = name switch
        {
            "read" or "write" or "clock_gettime" => $"({first}) +{second & mask}",
            "fcntl" => $"({first}, {second})",
            "mmap" => first == 0 ? "(0)" : "(hint)",
            "futex" => $"({second})",
            "getrandom" => $" +{first & mask}",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{name}{arguments}");
    }
}
