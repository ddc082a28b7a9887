using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Disputes;

/// <summary>Runs of the fault-proof program: one for each dispute about an output root.</summary>
public interface IStateTraces
{
    /// <summary>
    /// The run that decides a dispute; it stays this object's. Throws a <see cref="CulverinException"/>
    /// when the run cannot be made.
    /// </summary>
    Task<IStateTrace> OpenAsync(OutputDispute dispute, CancellationToken cancellation = default);
}
