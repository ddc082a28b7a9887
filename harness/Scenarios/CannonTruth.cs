using System;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Scenarios;

/// <summary>
/// What is right in the one game of a scenario that the fault-proof program decides; also for those who lie,
/// since they must know where the truth ends.
/// </summary>
internal sealed class CannonTruth(
    RollupRig rollup, EthereumNode l1, EthereumNode l2, ProgramOptions options) : IGameTraces, IDisposable
{
    private ProgramTraces? _states;
    private GameTrace? _trace;

    public Bytes32 Prestate => FaultProofProgram.PrestateHash;

    public ulong L2ChainId => rollup.Config.L2ChainId;

    /// <summary>The runs of the game that was opened.</summary>
    internal ProgramTraces States => _states!;

    /// <summary>What is right in it.</summary>
    internal GameTrace Trace => _trace!;

    /// <summary>Steps of the runs, as far as they are known.</summary>
    internal ulong KnownSteps => _states?.KnownSteps ?? 0;

    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default)
    {
        OutputTrace outputs = new(rollup.Outputs(), game);
        _states = new ProgramTraces(game, outputs, l1, l2, options);
        _trace = new GameTrace(outputs, _states);
        return Task.FromResult(new OpenTrace(_trace, _states));
    }

    public void Dispose() => _states?.Dispose();
}
