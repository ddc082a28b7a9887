using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Alphabet;

/// <summary>What is right in games that the toy machine decides.</summary>
/// <param name="letter">The absolute prestate: a word, the letter before the first.</param>
/// <param name="l2ChainId">The chain id of the L2.</param>
/// <param name="outputs">
/// Makes the source of a game's output roots; it is asked for each game, and not disposed of.
/// </param>
public sealed class AlphabetGameTraces(
    BigInteger letter, ulong l2ChainId, Func<Game, IOutputSource> outputs) : IGameTraces
{
    /// <inheritdoc/>
    public Bytes32 Prestate { get; } = AlphabetTrace.PrestateHash(letter);

    /// <inheritdoc/>
    public ulong L2ChainId => l2ChainId;

    /// <inheritdoc/>
    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default) =>
        Task.FromResult(new OpenTrace(
            new GameTrace(new OutputTrace(outputs(game), game), new AlphabetTraces(letter, game))));
}
