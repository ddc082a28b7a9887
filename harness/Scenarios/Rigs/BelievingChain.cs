using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>An L2 whose batcher posts headers, which its program believes.</summary>
internal sealed class BelievingChain(ScenarioRun run) : ICannonChain
{
    private readonly RollupRig _rollup = new(run);

    /// <inheritdoc/>
    public Bytes32 Prestate => Disputes.Traces.Programs.FaultProofProgram.PrestateHash;

    /// <inheritdoc/>
    public BeaconEndpoint? Beacon => null;

    /// <inheritdoc/>
    public EthereumNode Node => run.Arena.L2.Node;

    /// <inheritdoc/>
    public string WritePrestate(string folder) =>
        Disputes.Traces.Programs.FaultProofProgram.WritePrestate(folder);

    /// <inheritdoc/>
    public IOutputSource Outputs() => _rollup.Outputs();

    // By a sequencer: blocks without L1 attributes would have the program read all of L1 since its start.

    /// <inheritdoc/>
    public async Task MakeBlocksAsync(CannonGame game)
    {
        EthereumNode l1 = run.Arena.L1.Node;
        using Sequencer sequencer = await Sequencer
            .StartAsync(l1, Node, _rollup.Config, run.Cancellation)
            .ConfigureAwait(false);
        _ = await sequencer
            .ProduceUntilAsync(ulong.Max(game.Posted, CannonRig.LastBlock), run.Cancellation)
            .ConfigureAwait(false);
        Batcher batcher = new(l1, Node, run.Arena.OnL1(run.Arena.Accounts.Batcher), _rollup.Config);
        _ = await batcher.PostAsync(game.Posted, run.Cancellation).ConfigureAwait(false);
        if (game.LargeTransactionBytes > 0)
        {
            byte[] data = new byte[game.LargeTransactionBytes];
            new Random(data.Length).NextBytes(data);
            TransactionSender thief = run.Arena.OnL1(run.Arena.Accounts.Thief);
            CallRequest call = new() { From = thief.Address, To = _rollup.Config.BatchInbox, Data = data };
            _ = await thief.SendAsync(call, run.Cancellation).ConfigureAwait(false);
        }
    }
}
