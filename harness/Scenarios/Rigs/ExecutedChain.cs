using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Versions;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// The L2 that a game of the fault-proof program is about, and that program: it derives the L2 from L1 and
/// executes it, and believes nobody.
/// </summary>
internal sealed class ExecutedChain(ScenarioRun run)
{
    // That of the classic arena's machine.
    private const StateVersion Version = StateVersion.SingleThreaded;

    // Takes whatever a precompiled contract is asked in a scenario, also where it fails.
    private const ulong QuestionGas = 2_000_000;

    private readonly RollupRig _rollup = new(run);

    /// <summary>Hash of the program's first state.</summary>
    public static Bytes32 Prestate => FaultProofProgram.PrestateHash(Version);

    /// <summary>Where blobs are.</summary>
    public BeaconEndpoint Beacon => new(run.Arena.L1.Endpoint, NamesBlocksByNumber: true);

    /// <summary>The L2's node for whoever is honest: it knows L1 only. There once blocks were made.</summary>
    public EthereumNode Node => _rollup.Verifier.Node;

    /// <summary>Writes the program's first state into a folder and returns the file's path.</summary>
    public static string WritePrestate(string folder) => FaultProofProgram.WritePrestate(Version, folder);

    /// <summary>Right output roots.</summary>
    public IOutputSource Outputs() => _rollup.Outputs();

    /// <summary>Makes the L2's blocks and posts what is to be on L1.</summary>
    public async Task MakeBlocksAsync(CannonGame game)
    {
        if (game.Question is { } question)
        {
            await AskAsync(question).ConfigureAwait(false);
        }

        if (game.LargeTransactionBytes > 0)
        {
            await SendLargeAsync(game.LargeTransactionBytes).ConfigureAwait(false);
        }

        if (game.Posted > 0)
        {
            ulong last = ulong.Max(game.Posted, CannonRig.LastBlock);
            await _rollup.MakeBlocksAsync(last, game.Posted, game.InBlobs).ConfigureAwait(false);
        }
        else
        {
            await _rollup.FollowAsync().ConfigureAwait(false);
        }
    }

    // The program reads L1 up to the batch, so this has to be there before it.
    private async Task SendLargeAsync(int bytes)
    {
        byte[] data = new byte[bytes];
        new Random(bytes).NextBytes(data);
        TransactionSender thief = run.Arena.OnL1(run.Arena.Accounts.Thief);
        CallRequest call = new() { From = thief.Address, To = run.Arena.BatchInbox, Data = data };
        _ = await thief.SendAsync(call, run.Cancellation).ConfigureAwait(false);
    }

    // A contract is made whose creation calls another one, in the block that games dispute.
    private async Task AskAsync(PrecompileQuestion question)
    {
        await _rollup.MineToAsync(CannonRig.AskingBlock - 1).ConfigureAwait(false);
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
