using System;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Scenarios;

/// <summary>What is right in games about the alphabet over real output roots.</summary>
/// <param name="letter">The letter before the first.</param>
/// <param name="l2ChainId">The L2.</param>
/// <param name="outputs">Makes a source of output roots for one game.</param>
public sealed class AlphabetGameTraces(BigInteger letter, ulong l2ChainId, Func<IOutputSource> outputs)
    : IGameTraces
{
    /// <inheritdoc/>
    public Bytes32 Prestate => AlphabetTrace.PrestateHash(letter);

    /// <inheritdoc/>
    public ulong L2ChainId => l2ChainId;

    /// <inheritdoc/>
    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default) =>
        Task.FromResult(new OpenTrace(new GameTrace(
            new OutputTrace(outputs(), game), new AlphabetTraces(letter, game))));
}
