using System;
using System.Collections.Generic;
using Culverin.Isa;

namespace Culverin.Analyze;

/// <summary>
/// What is known of the registers, and what the instruction looked at last does to the control flow.
/// </summary>
internal sealed class TracedStep(int wordBits)
{
    private static readonly Action<TracedStep, Instruction>[] Bodies = BodyCollector.Collect();

    private readonly TracedValue[] _registers = new TracedValue[32];

    /// <summary>Address of the instruction.</summary>
    public ulong Pc { get; private set; }

    /// <summary>Where it branches or jumps to; null if it does not, or nobody knows.</summary>
    public ulong? Target { get; private set; }

    /// <summary>Whether it is a jump, or a branch that may be taken.</summary>
    public bool MayBranch { get; private set; }

    /// <summary>Whether what follows its delay slot is reached only from elsewhere.</summary>
    public bool LeavesForGood { get; private set; }

    /// <summary>Whether it notes where to come back to: a call.</summary>
    public bool Links { get; set; }

    /// <summary>Whether it is a system call.</summary>
    public bool IsSyscall { get; set; }

    /// <summary>The word it wrote to a register, if known.</summary>
    public ulong? Written { get; private set; }

    /// <summary>What a register is known to hold.</summary>
    public TracedValue Get(int register) => register == 0 ? TracedValue.Of(0UL) : _registers[register];

    /// <summary>Notes a register's new value.</summary>
    public void Set(int register, TracedValue value)
    {
        _registers[register] = value;
        Written = value.IsKnown ? Cut(value.Value) : null;
    }

    /// <summary>Notes a jump or branch.</summary>
    public void Go(ulong? target, bool isCertain)
    {
        MayBranch = true;
        Target = target is { } address ? Cut(address) : null;
        LeavesForGood = isCertain;
    }

    /// <summary>Forgets all registers, as where other code joins in.</summary>
    public void ForgetRegisters() => Array.Clear(_registers);

    /// <summary>Forgets one register.</summary>
    public void Forget(int register) => _registers[register] = TracedValue.Unknown;

    /// <summary>Runs an instruction's body.</summary>
    public void Run(ulong pc, Instruction instruction)
    {
        Pc = pc;
        Target = null;
        Written = null;
        MayBranch = false;
        LeavesForGood = false;
        Links = false;
        IsSyscall = false;
        Bodies[instruction.Opcode](this, instruction);
    }

    /// <summary>A value as the unsigned word that it is in a register.</summary>
    public ulong Cut(ulong value) => wordBits == 32 ? (uint)value : value;

    private readonly struct BodyCollector(List<Action<TracedStep, Instruction>> bodies) : IInstructionVisitor
    {
        public static Action<TracedStep, Instruction>[] Collect()
        {
            List<Action<TracedStep, Instruction>> bodies = [(_, _) => { }];
            var collector = new BodyCollector(bodies);
            InstructionSet.VisitAll(ref collector);
            return [.. bodies];
        }

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction => bodies.Add(static (step, instruction) =>
            {
                var machine = new TracingMachine(step);
                TInstruction.Execute<TracingMachine, TracedValue>(ref machine, instruction);
            });
    }
}
