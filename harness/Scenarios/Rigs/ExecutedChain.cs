using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Versions;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>An L2 that follows from L1, whose program derives and executes it and believes nobody.</summary>
internal sealed class ExecutedChain(ScenarioRun run) : ICannonChain
{
    /// <summary>The state version of the classic arena's machine.</summary>
    internal const StateVersion Version = StateVersion.SingleThreaded;

    // Takes whatever a precompiled contract is asked in a scenario, also where it fails.
    private const ulong QuestionGas = 2_000_000;

    private readonly DerivedL2 _l2 = (DerivedL2)run.Arena.L2;
    private L2Node? _verifier;

    /// <inheritdoc/>
    public Bytes32 Prestate => Host.FaultProofProgram.PrestateHash(Version);

    /// <inheritdoc/>
    public BeaconEndpoint? Beacon => new(run.Arena.L1.Endpoint, NamesBlocksByNumber: true);

    /// <inheritdoc/>
    public EthereumNode Node => _verifier!.Node;

    /// <inheritdoc/>
    public string WritePrestate(string folder) => Host.FaultProofProgram.WritePrestate(Version, folder);

    /// <inheritdoc/>
    public IOutputSource Outputs() => new SafeOutputs(
        run.Arena.L1.Node, _verifier!, run.Arena.Options.L2ChainId, run.Arena.AnchorBlock);

    /// <inheritdoc/>
    public async Task MakeBlocksAsync(CannonGame game)
    {
        if (game.Question is { } question)
        {
            await AskAsync(question).ConfigureAwait(false);
        }

        if (game.Posted > 0)
        {
            await PostAsync(game).ConfigureAwait(false);
        }

        _verifier = await _l2.VerifierAsync(run.Cancellation).ConfigureAwait(false);
    }

    private async Task PostAsync(CannonGame game)
    {
        ulong last = ulong.Max(game.Posted, CannonRig.LastBlock);
        ulong newest = await _l2.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false);
        if (newest < last)
        {
            await _l2.MineAsync((int)(last - newest), run.Cancellation).ConfigureAwait(false);
        }

        await _l2
            .PostAsync(run.Arena.Accounts.Batcher, game.Posted, game.InBlobs, run.Cancellation)
            .ConfigureAwait(false);
    }

    // A contract is made whose creation calls another one, in the block that games dispute.
    private async Task AskAsync(PrecompileQuestion question)
    {
        ulong newest = await _l2.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false);
        await _l2
            .MineAsync((int)(CannonRig.AskingBlock - 1 - newest), run.Cancellation)
            .ConfigureAwait(false);
        TransactionSender user = run.Arena.OnL2(run.Arena.Accounts.User);
        CallRequest creation = new()
        {
            From = user.Address,
            Data = question.CreationCode(),
            GasLimit = QuestionGas,
        };
        TransactionReceipt receipt =
            await user.SendAsync(creation, run.Cancellation).ConfigureAwait(false);
        run.Expect("The block that asks", CannonRig.AskingBlock, receipt.BlockNumber);
    }
}
