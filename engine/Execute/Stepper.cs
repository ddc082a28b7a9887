using System.Numerics;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// Executes exactly one step, the slow way: this is the specification that every fast path is tested against,
/// and the same code replays a step from its proof.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <typeparam name="TAccess">Memory, pre-images and output.</typeparam>
internal sealed unsafe class Stepper<TWord, TAccess>
    where TWord : unmanaged, IBinaryInteger<TWord>
    where TAccess : class, IStateAccess<TWord>
{
    // SAFETY: every entry is a pointer to a static method of this signature; entry 0 is never called, since
    // no decoder gives opcode number 0.
    private static readonly
        delegate*<ref DirectMachine<TWord, StatePort<TWord, TAccess>>, Instruction, void>[]
        Bodies = BodyCollector.Collect();

    private readonly FeatureSet _features;
    private readonly Decoder _decoder;
    private readonly Kernel<TWord, TAccess> _kernel;

    /// <summary>Makes a stepper by the rules of a feature set.</summary>
    public Stepper(FeatureSet features)
    {
        _features = features;
        _decoder = new Decoder(features);
        _kernel = new Kernel<TWord, TAccess>(features);
    }

    /// <summary>Executes one step; an exited state stays as it is.</summary>
    /// <exception cref="GuestPanicException">The step cannot be executed; the state is unchanged.</exception>
    public void Step(MachineState<TWord> state, TAccess access)
    {
        if (state.Exited)
        {
            return;
        }

        var machine = new DirectMachine<TWord, StatePort<TWord, TAccess>>(
            new StatePort<TWord, TAccess>(state, access));
        if (state.Threads is not { } threads)
        {
            ExecuteInstruction(ref machine);
        }
        else if (!Scheduler.TakesStep(ref machine.Port, _features))
        {
            ExecuteInThread(ref machine, threads);
        }

        state.Step++;
    }

    private void ExecuteInThread(
        ref DirectMachine<TWord, StatePort<TWord, TAccess>> machine, ThreadTable<TWord> threads)
    {
        threads.StepsSinceLastContextSwitch++;
        try
        {
            ExecuteInstruction(ref machine);
        }
        catch
        {
            // A step that cannot be executed leaves the state as it was.
            threads.StepsSinceLastContextSwitch--;
            throw;
        }
    }

    private void ExecuteInstruction(ref DirectMachine<TWord, StatePort<TWord, TAccess>> machine)
    {
        StatePort<TWord, TAccess> port = machine.Port;
        CpuState<TWord>* cpu = port.State.Cpu;
        machine.Port.TrapIf(
            (cpu->Pc & TWord.CreateTruncating(3)) != TWord.Zero, TrapReason.UnalignedProgramCounter);
        Instruction instruction = _decoder.Decode(port.Access.Fetch(cpu->Pc));
        Bodies[instruction.Opcode](ref machine, instruction);

        bool advances = !machine.Port.IsSyscall || _kernel.Execute(ref machine.Port);
        if (advances)
        {
            cpu->Pc = cpu->NextPc;
            cpu->NextPc = machine.Port.Target;
        }
    }

    private readonly struct BodyCollector(
        List<nint> bodies) : IInstructionVisitor
    {
        public static
            delegate*<ref DirectMachine<TWord, StatePort<TWord, TAccess>>, Instruction, void>[]
            Collect()
        {
            List<nint> bodies = [0];
            var collector = new BodyCollector(bodies);
            InstructionSet.VisitAll(ref collector);
            var table =
                new delegate*<ref DirectMachine<TWord, StatePort<TWord, TAccess>>, Instruction, void>[
                    bodies.Count];
            for (int opcode = 1; opcode < table.Length; opcode++)
            {
                nint body = bodies[opcode];
                table[opcode] =
                    (delegate*<ref DirectMachine<TWord, StatePort<TWord, TAccess>>, Instruction, void>)body;
            }

            return table;
        }

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction
        {
            delegate*<ref DirectMachine<TWord, StatePort<TWord, TAccess>>, Instruction, void> body =
                &TInstruction.Execute<DirectMachine<TWord, StatePort<TWord, TAccess>>, TWord>;
            bodies.Add((nint)body);
        }
    }
}
