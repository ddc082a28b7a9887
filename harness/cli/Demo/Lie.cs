using System.Collections.Generic;
using Culverin.Files;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Oracle;
using Culverin.State;

namespace Culverin.Harness.Cli.Demo;

/// <summary>
/// A run of the fault-proof program that is right up to the load of its exit code, which it claims to have
/// read as 0 where memory holds 1, or the other way round. All after that follows from it.
/// </summary>
/// <param name="Step">Steps before that load.</param>
/// <param name="RunSteps">Steps of the whole run.</param>
/// <param name="Instruction">The load, as text.</param>
/// <param name="TrueCode">The exit code that memory holds.</param>
/// <param name="Hashes">The hashes of the states from after that load to the end.</param>
internal sealed record Lie(
    ulong Step, ulong RunSteps, string Instruction, uint TrueCode, IReadOnlyList<Bytes32> Hashes)
{
    // The load of the exit code is among the last instructions.
    private const ulong SearchedSteps = 64;
    private const int StackRegister = 29;
    private const int CodeRegister = 4;

    /// <summary>
    /// Makes the lie about a run. Throws <see cref="CulverinException"/> when the program does not load its
    /// exit code at the end.
    /// </summary>
    /// <param name="prestatePath">The program's first state.</param>
    /// <param name="oracle">Serves the run; it stays the caller's.</param>
    public static Lie Make(string prestatePath, IPreimageOracle oracle)
    {
        ulong steps;
        using (Machine whole = Start(prestatePath, oracle))
        {
            _ = whole.Run(new RunLimits());
            steps = whole.Step;
        }

        (ulong step, string text) = FindLoad(prestatePath, oracle, steps);
        using Machine machine = Start(prestatePath, oracle);
        _ = machine.Run(new RunLimits { UntilStep = step + 1 });
        uint code = FlipCode(machine);
        List<Bytes32> hashes = [new Bytes32(machine.StateHash())];
        while (!machine.Exited && machine.Step < steps + SearchedSteps)
        {
            machine.ExecuteStep();
            hashes.Add(new Bytes32(machine.StateHash()));
        }

        return new Lie(step, steps, text, code, hashes);
    }

    private static Machine Start(string prestatePath, IPreimageOracle oracle) =>
        Machine.Create(StateFile.Read(prestatePath), new MachineOptions { Oracle = oracle });

    private static (ulong Step, string Text) FindLoad(
        string prestatePath, IPreimageOracle oracle, ulong steps)
    {
        using Machine machine = Start(prestatePath, oracle);
        Decoder decoder = new(machine.Features);
        _ = machine.Run(new RunLimits { UntilStep = steps - ulong.Min(steps, SearchedSteps) });
        (ulong Step, string Text)? found = null;
        while (!machine.Exited)
        {
            uint word = machine.Image.Memory.ReadUInt32(machine.ProgramCounter);
            Instruction instruction = decoder.Decode(word);
            string mnemonic = InstructionSet.Rows[instruction.Opcode - 1].Mnemonic;
            if (mnemonic == "lw" && instruction.Rt == CodeRegister && instruction.Rs == StackRegister)
            {
                found = (machine.Step, $"lw $a0, {(short)word}($sp)");
            }

            machine.ExecuteStep();
        }

        return found ?? throw new CulverinException(
            ErrorCode.InvalidArgument, "The fault-proof program does not load its exit code at the end.");
    }

    // SAFETY: the machine's state owns the registers as long as the machine is not disposed.
    private static unsafe uint FlipCode(Machine machine)
    {
        CpuState<uint>* cpu = ((MachineImage<uint>)machine.Image).State.Cpu;
        uint code = cpu->Registers[CodeRegister];
        cpu->Registers[CodeRegister] = code ^ 1;
        return code;
    }
}
