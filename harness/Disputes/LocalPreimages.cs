using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>Loads local data only, which is all that the toy machine reads.</summary>
public sealed class LocalPreimages : IPreimageLoader
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CallRequest>> PlanAsync(
        GameClient client, Game game, IntendedStep step, CancellationToken cancellation = default)
    {
        PreimageNeed? need = step.Data.Preimage;
        IReadOnlyList<CallRequest> calls = need?.LocalNumber is { } number
            ? [client.LocalDataRequest(number, step.Against.Index, need.Offset)]
            : [];
        return need is null || calls.Count > 0
            ? Task.FromResult(calls)
            : throw new ChainException(
                ChainFailure.BadAnswer, $"Nothing here loads the pre-image {need.Key} into the oracle.");
    }
}
