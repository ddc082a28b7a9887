using Culverin.Isa;

namespace Culverin.Execute;

/// <summary>
/// The guest did what the virtual machine forbids: the step cannot be executed here and reverts on chain. The
/// state is the one before the step.
/// </summary>
internal sealed class GuestPanicException : CulverinException
{
    /// <summary>Makes a panic for a reason at a place.</summary>
    public GuestPanicException(TrapReason reason, ulong step, ulong programCounter, string detail)
        : base(
            ErrorCode.GuestPanic,
            $"The guest cannot execute step {step} at pc 0x{programCounter:x8}: {detail}.")
    {
        Reason = reason;
        Step = step;
        ProgramCounter = programCounter;
    }

    /// <summary>Why the step cannot be executed.</summary>
    public TrapReason Reason { get; }

    /// <summary>The step counter before the step.</summary>
    public ulong Step { get; }

    /// <summary>Address of the instruction.</summary>
    public ulong ProgramCounter { get; }
}
