using Culverin.Run;

namespace Culverin.Trace;

/// <content>For those who look into the machines at the steps of a trace.</content>
internal sealed partial class TraceIndex
{
    /// <summary>
    /// Shows a machine at a step, or at the end of the trace, to somebody who may run and prove with it.
    /// </summary>
    /// <param name="step">The step; past the end the last state.</param>
    /// <param name="look">Gets the machine, which stays the index's.</param>
    /// <param name="cancellation">Ends the run there.</param>
    /// <exception cref="CulverinException">As <see cref="HashAt"/>.</exception>
    public T Inspect<T>(ulong step, Func<Machine, T> look, CancellationToken cancellation = default)
    {
        Machine machine = RunTo(step, null, cancellation);
        try
        {
            return look(machine);
        }
        finally
        {
            // What the index asks next must not depend on what was done with it.
            Leave();
        }
    }

    /// <summary>
    /// A machine at a step, or at the end of the trace. It stays the index's and is valid until its next
    /// answer; the caller may run it on, but not prove with it.
    /// </summary>
    /// <exception cref="CulverinException">As <see cref="HashAt"/>.</exception>
    public Machine MoveTo(ulong step, CancellationToken cancellation = default) =>
        RunTo(step, null, cancellation);

    /// <summary>The steps along the trace that have a checkpoint, ascending.</summary>
    public IReadOnlyList<ulong> CheckpointSteps()
    {
        lock (Gate)
        {
            return Store.RegularSteps();
        }
    }

    /// <summary>
    /// The step of the last checkpoint at a step or before it; the first step if there is none.
    /// </summary>
    public ulong CheckpointBefore(ulong step)
    {
        lock (Gate)
        {
            return Store.Nearest(step)[0].Step;
        }
    }
}
