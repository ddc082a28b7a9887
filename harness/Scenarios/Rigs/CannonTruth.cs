using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// What is right in the one game of a scenario that the fault-proof program decides; also for those who lie,
/// since they must know where the truth ends.
/// </summary>
internal sealed class CannonTruth(
    ExecutedChain chain, EthereumNode l1, ulong l2ChainId, ProgramOptions options) : IGameTraces, IDisposable
{
    private ProgramTraces? _states;
    private GameTrace? _trace;

    public Bytes32 Prestate => ExecutedChain.Prestate;

    public ulong L2ChainId => l2ChainId;

    /// <summary>The runs of the game that was opened.</summary>
    internal ProgramTraces States => _states!;

    /// <summary>What is right in it.</summary>
    internal GameTrace Trace => _trace!;

    /// <summary>Steps of the runs, as far as they are known.</summary>
    internal ulong KnownSteps => _states?.KnownSteps ?? 0;

    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default)
    {
        OutputTrace outputs = new(chain.Outputs(), game);
        _states = new ProgramTraces(game, outputs, l1, chain.Node, options);
        _trace = new GameTrace(outputs, _states);
        return Task.FromResult(new OpenTrace(_trace, _states));
    }

    public void Dispose() => _states?.Dispose();
}
