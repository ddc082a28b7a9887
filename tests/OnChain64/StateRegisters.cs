using Culverin.State;

namespace Culverin.OnChain64.Tests;

/// <summary>The active thread's registers without pointers.</summary>
internal static unsafe class StateRegisters
{
    // SAFETY: in all of them the state owns the native block and is alive during the call.

    public static ulong ProgramCounter(this MachineState<ulong> state) => state.Cpu->Pc;

    public static void SetProgramCounter(this MachineState<ulong> state, ulong value)
    {
        state.Cpu->Pc = value;
        state.Cpu->NextPc = value + 4;
    }

    public static bool IsInDelaySlot(this MachineState<ulong> state) =>
        state.Cpu->NextPc != state.Cpu->Pc + 4;

    public static ulong Register(this MachineState<ulong> state, int number) =>
        state.Cpu->Registers[number];

    public static void SetRegister(this MachineState<ulong> state, int number, ulong value) =>
        state.Cpu->Registers[number] = value;
}
