using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Culverin.State;

/// <summary>
/// The registers of one hardware thread, in native memory so that interpreters and generated code address
/// them from one base pointer. Words are host-endian here; the witness writes them big-endian.
/// </summary>
/// <typeparam name="TWord">uint for MIPS32, ulong for MIPS64.</typeparam>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CpuState<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>r0 to r31; r0 is zero between steps.</summary>
    public RegisterFile<TWord> Registers;

    /// <summary>Address of the instruction to execute next.</summary>
    public TWord Pc;

    /// <summary>Address of the instruction after that: Pc + 4 except in a delay slot.</summary>
    public TWord NextPc;

    /// <summary>Low result of multiplication, quotient of division.</summary>
    public TWord Lo;

    /// <summary>High result of multiplication, remainder of division.</summary>
    public TWord Hi;

    // SAFETY: the registers are the first field, so that both addresses are the same.
    /// <summary>A pointer to register 0; the structure must be in native or pinned memory.</summary>
    public static TWord* RegistersOf(CpuState<TWord>* cpu) => (TWord*)cpu;
}

/// <summary>32 words.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
[InlineArray(32)]
internal struct RegisterFile<TWord>
    where TWord : unmanaged
{
    private TWord _register0;
}
