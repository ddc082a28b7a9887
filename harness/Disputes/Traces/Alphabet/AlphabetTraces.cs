using System.Numerics;
using Culverin.Harness.Disputes.Games;

namespace Culverin.Harness.Disputes.Traces.Alphabet;

/// <summary>The toy machine's runs in a game.</summary>
/// <param name="letter">The absolute prestate: a word, the letter before the first.</param>
/// <param name="game">The game.</param>
public sealed class AlphabetTraces(BigInteger letter, Game game) : IStateTraces
{
    /// <inheritdoc/>
    public Task<IStateTrace> OpenAsync(OutputDispute dispute, CancellationToken cancellation = default)
    {
        // As the contract counts it: not clamped at the claimed block.
        ulong block =
            game.StartingBlock + (ulong)dispute.DisputedPosition.TraceIndex(game.Rules.SplitDepth) + 1;
        return Task.FromResult<IStateTrace>(new AlphabetTrace(letter, block));
    }
}
