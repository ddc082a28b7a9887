using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// Makes for each game what says what is right in it. May be used from several threads at once.
/// </summary>
public interface IGameTraces
{
    /// <summary>
    /// Hash of the first state of the program that is run here; its first byte does not count.
    /// </summary>
    Bytes32 Prestate { get; }

    /// <summary>The chain id of the L2 that is known here.</summary>
    ulong L2ChainId { get; }

    /// <summary>
    /// The trace of a game, to be disposed of by the caller. Only what never changes in the game counts.
    /// Throws <see cref="CulverinException"/> when it cannot be made now.
    /// </summary>
    Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default);
}
