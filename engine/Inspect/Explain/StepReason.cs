using System.Globalization;
using System.Numerics;
using Culverin.Execute;
using Culverin.State;

namespace Culverin.Inspect.Explain;

/// <summary>
/// Says in a sentence why it is a thread's turn, or what a step without an instruction does.
/// </summary>
internal static class StepReason
{
    /// <summary>What kind of step the next one is.</summary>
    public static SchedulerStep KindOf(MachineImage image) => image is MachineImage<uint> image32
        ? KindOf(image32)
        : KindOf((MachineImage<ulong>)image);

    /// <summary>Why.</summary>
    public static string Of(MachineImage image) => image is MachineImage<uint> image32
        ? Of(image32)
        : Of((MachineImage<ulong>)image);

    private static SchedulerStep KindOf<TWord>(MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord> => image.State.Threads is { } threads
            ? Scheduler.NextStep(threads, image.Features)
            : SchedulerStep.Instruction;

    private static string Of<TWord>(MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        if (image.State.Exited)
        {
            return "The guest has ended: the step changes nothing.";
        }

        if (image.State.Threads is not { } threads)
        {
            return "This version has one thread.";
        }

        ThreadState<TWord> thread = threads.Active;
        string side = threads.TraverseRight ? "right" : "left";
        string place = $"Thread {thread.Id} is on top of the {side} stack";
        return KindOf(image) switch
        {
            SchedulerStep.SeekWaiter =>
                $"{place}; a wake-up of 0x{threads.Wakeup:x} is under way, and the step looks whether this "
                    + "thread waits there.",
            SchedulerStep.RemoveExited => $"{place} and has ended: the step removes it.",
            SchedulerStep.LookAtWaiting =>
                $"{place} and waits for 0x{thread.FutexAddress:x} to hold another value than "
                    + $"0x{thread.FutexValue:x}: the step looks at it.",
            SchedulerStep.EndTurn => $"{place}; its turn of {Count(Scheduler.QuantumSteps)} steps is over: "
                + "the step puts it on the other stack.",
            _ => $"{place}; {Count(threads.StepsSinceLastContextSwitch)} steps of its turn of "
                + $"{Count(Scheduler.QuantumSteps)} are done.",
        };
    }

    private static string Count(ulong steps) => steps.ToString(CultureInfo.InvariantCulture);
}
