using System.Numerics;
using Culverin.Isa;

namespace Culverin.Execute;

/// <summary>
/// Where a <see cref="DirectMachine{TWord, TPort}"/> keeps its state: registers, memory, control flow.
/// Members mean what those of the same name mean in <see cref="IMachine{TValue}"/>.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal interface IPort<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>HI.</summary>
    TWord Hi { get; set; }

    /// <summary>LO.</summary>
    TWord Lo { get; set; }

    /// <summary>Address of the instruction being executed.</summary>
    TWord Pc { get; }

    /// <summary>Reads a register.</summary>
    TWord GetRegister(int register);

    /// <summary>Writes a register; register 0 stays zero.</summary>
    void SetRegister(int register, TWord value);

    /// <summary>Loads, zero-extended.</summary>
    TWord Load(TWord address, Width width);

    /// <summary>Stores.</summary>
    void Store(TWord address, Width width, TWord value);

    /// <summary>Loads and reserves.</summary>
    TWord LoadLinked(TWord address, Width width);

    /// <summary>Stores if reserved.</summary>
    TWord StoreConditional(TWord address, Width width, TWord value);

    /// <summary>Sets where to go after the next instruction, relative to it.</summary>
    void BranchIf(bool taken, int offset);

    /// <summary>Sets where to go after the next instruction, within its 256 MiB region.</summary>
    void Jump(int index);

    /// <summary>Sets where to go after the next instruction.</summary>
    void JumpRegister(TWord address);

    /// <summary>Ends the step with a trap if the condition holds.</summary>
    void TrapIf(bool condition, TrapReason reason);

    /// <summary>Leaves the step to the kernel.</summary>
    void Syscall();
}
