using System.Numerics;
using Culverin.Execute;
using Culverin.Run;
using Culverin.State;

namespace Culverin.Inspect;

/// <summary>
/// What a machine is about to do and what its registers hold, between two steps; for debuggers and for those
/// who want a run that goes wrong.
/// </summary>
/// <remarks>For one thread at a time, as the machine is, which stays the caller's.</remarks>
public sealed class MachineInspector
{
    private const int RegisterCount = 32;
    private const int NumberRegister = 2;
    private const string SyscallMnemonic = "syscall";

    private readonly Machine _machine;
    private readonly Disassembler _disassembler;
    private readonly Dictionary<uint, SyscallEntry> _syscalls;

    /// <summary>Looks at a machine.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/>: it is not of the engine in this runtime.
    /// </exception>
    public MachineInspector(IEngineMachine machine)
    {
        _machine = machine as Machine ?? throw new CulverinException(
            ErrorCode.InvalidArgument, "Only machines of the engine in this runtime can be looked into.");
        _disassembler = new Disassembler(_machine.Features);
        _syscalls = SyscallTable.ByNumber(_machine.Features);
    }

    /// <summary>
    /// The instruction at the program counter in assembly language: mnemonic, a blank, operands.
    /// </summary>
    public string NextInstruction
    {
        get
        {
            ulong address = _machine.ProgramCounter;
            return _disassembler.Disassemble(address, _machine.Image.Memory.ReadUInt32(address)).Text;
        }
    }

    /// <summary>
    /// The Linux name of the system call that the next instruction makes; null if it makes none, or one that
    /// the state version does not know.
    /// </summary>
    public string? NextSyscall => NextInstruction == SyscallMnemonic
        ? _syscalls.GetValueOrDefault((uint)ReadRegister(NumberRegister))?.Name
        : null;

    /// <summary>Reads a general register of the active thread, zero-extended.</summary>
    /// <param name="register">0 to 31.</param>
    public ulong ReadRegister(int register)
    {
        Require(register);
        return _machine.Image switch
        {
            MachineImage<uint> image => Place(image, register),
            _ => Place((MachineImage<ulong>)_machine.Image, register),
        };
    }

    /// <summary>
    /// Writes a general register of the active thread: from there on the run is not the program's any more.
    /// </summary>
    /// <param name="register">1 to 31; register 0 is always 0.</param>
    /// <param name="value">As many of its low bits as the version's words have.</param>
    public void WriteRegister(int register, ulong value)
    {
        Require(register);
        ArgumentOutOfRangeException.ThrowIfZero(register);
        if (_machine.Image is MachineImage<uint> image)
        {
            Place(image, register) = (uint)value;
        }
        else
        {
            Place((MachineImage<ulong>)_machine.Image, register) = value;
        }
    }

    private static void Require(int register)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(register);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(register, RegisterCount);
    }

    // SAFETY: the machine's state owns the registers as long as the machine is not disposed.
    private static unsafe ref TWord Place<TWord>(MachineImage<TWord> image, int register)
        where TWord : unmanaged, IBinaryInteger<TWord> =>
        ref CpuState<TWord>.RegistersOf(image.State.Cpu)[register];
}
