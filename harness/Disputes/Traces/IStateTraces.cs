using Culverin.Harness.Disputes.Games;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>Runs of the fault-proof program: one for each dispute about an output root.</summary>
public interface IStateTraces
{
    /// <summary>
    /// The run that decides a dispute; it stays this object's. Throws a <see cref="CulverinException"/>
    /// when the run cannot be made.
    /// </summary>
    Task<IStateTrace> OpenAsync(OutputDispute dispute, CancellationToken cancellation = default);

    /// <summary>
    /// How long runs can get in the game; null where they cannot get too long. Takes as long as a run does.
    /// Throws a <see cref="CulverinException"/> when it cannot be known now.
    /// </summary>
    Task<StepNeed?> FindNeedAsync(CancellationToken cancellation = default) =>
        Task.FromResult<StepNeed?>(null);
}
