using Culverin.Execute;
using Culverin.Guest;
using Culverin.Inspect.Symbols;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;

namespace Culverin.Inspect.Explain;

/// <summary>Executes a machine's next step with a proof and writes down everything about it.</summary>
internal sealed class StepExplainer(Machine machine, ProgramSymbols symbols) : IMemoryObserver
{
    private readonly List<(ulong Address, ulong Before)> _accesses = [];
    private readonly int _wordBytes = machine.Features.WordBits / 8;

    /// <summary>Explains the next step; the machine has then executed it, if it can be executed.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="IEngineMachine.Run"/>, but for a step that cannot be executed: that is explained.
    /// </exception>
    public StepExplanation Explain()
    {
        MachineImage image = machine.Image;
        IReadOnlyList<ThreadView> threads = ThreadView.AllOf(image);
        SchedulerStep kind = StepReason.KindOf(image);
        bool isInstruction = kind == SchedulerStep.Instruction && !image.Exited;
        DisassembledInstruction? instruction = isInstruction ? Disassemble(threads[0].ProgramCounter) : null;
        var explanation = new StepExplanation
        {
            Features = image.Features,
            Step = image.Step,
            Kind = kind,
            IsPastEnd = image.Exited,
            PreHash = machine.StateHash(),
            Reason = StepReason.Of(image),
            Threads = threads,
            ThreadFunctions =
            [
                .. threads.Select(thread => symbols.FramesAt(thread.ProgramCounter)[0].Function),
            ],
            Instruction = instruction,
            TargetFunction = TargetOf(instruction),
            Stack = new CallStack(image, symbols).Of(threads[0]),
            Memory = [],
        };
        return image.Exited ? explanation with { PostHash = explanation.PreHash } : Execute(explanation);
    }

    /// <inheritdoc/>
    void IMemoryObserver.MemoryAccessed(ulong guestAddress) =>
        _accesses.Add((guestAddress, Word(guestAddress)));

    private StepExplanation Execute(StepExplanation explanation)
    {
        SyscallRecord? syscall = null;
        GuestMemory memory = machine.Image.Memory;
        var log = new SyscallLog(machine.Features, record => syscall = record) { Memory = memory };
        ISyscallObserver? before = machine.Syscalls;
        machine.Syscalls = log;
        _accesses.Clear();
        StepProof? proof = null;
        GuestPanicException? panic = null;
        try
        {
            proof = machine.Prove(this);
        }
        catch (GuestPanicException error)
        {
            panic = error;
        }
        finally
        {
            machine.Syscalls = before;
        }

        log.Flush();
        ulong active = explanation.Before.Id;
        return explanation with
        {
            Proof = proof,
            Panic = panic,
            PostHash = proof?.PostHash,
            Preimage = proof is null ? null : machine.LastPreimageRead,
            Syscall = syscall,
            Memory =
            [
                .. _accesses.Select(access => new MemoryAccess(
                    access.Address,
                    access.Before,
                    Word(access.Address),
                    symbols.ObjectAt(access.Address) ?? Function(access.Address))),
            ],
            After = ThreadView.AllOf(machine.Image).FirstOrDefault(thread => thread.Id == active),
        };
    }

    // A branch inside a function needs no name.
    private string? TargetOf(DisassembledInstruction? instruction) =>
        instruction?.Target is { } target
            && symbols.FunctionAt(target) is { } function
            && function != symbols.FunctionAt(instruction.Address)
                ? function.Name
                : null;

    // Data between instructions belong to the function around them.
    private ElfSymbol? Function(ulong address) => symbols.FunctionAt(address) is { SizeBytes: > 0 } function
        ? function
        : null;

    private DisassembledInstruction Disassemble(ulong address)
    {
        ulong aligned = address & ~3UL;
        uint bits = machine.Image.Memory.ReadUInt32(aligned);
        return new Disassembler(machine.Features).Disassemble(aligned, bits);
    }

    private ulong Word(ulong address) => _wordBytes == sizeof(uint)
        ? machine.Image.Memory.ReadUInt32(address)
        : machine.Image.Memory.ReadUInt64(address);
}
