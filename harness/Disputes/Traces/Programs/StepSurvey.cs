using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Host;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Run;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>
/// Finds out how long runs of the program can get in a game. First one run over all blocks of the game, which
/// reads and checks all that any run about a single block does, and more; only if that does not fit, runs
/// about the blocks one by one.
/// </summary>
/// <param name="game">The game.</param>
/// <param name="outputs">The right outputs of the game.</param>
/// <param name="l2">The L2.</param>
/// <param name="fetch">Makes what gets pre-images from the nodes.</param>
/// <param name="options">Program, folder and engine.</param>
internal sealed class StepSurvey(
    Game game,
    OutputTrace outputs,
    EthereumNode l2,
    Func<DisputedClaim, PreimageStore, PreimageFetcher> fetch,
    ProgramOptions options)
{
    // Some ten seconds of work; a run that is longer is told as that.
    private const ulong StepsMax = 1ul << 32;

    // Of a game about many blocks the first ones: their runs read most of L1.
    private const int RunsMax = 16;

    private const string FolderName = "survey";

    /// <summary>Makes the runs; throws <see cref="CulverinException"/> when a node or file fails.</summary>
    internal async Task<StepNeed> RunAsync(CancellationToken cancellation)
    {
        PreimageStore store = new(Path.Combine(options.DataFolder, FolderName));
        UInt128 leafCount = UInt128.One << game.Rules.SplitDepth;
        ulong last = await outputs.RightBlockAtAsync(leafCount - 1, cancellation).ConfigureAwait(false);
        StepNeed whole = await MeasureAsync(game.StartingBlock, last, store, cancellation)
            .ConfigureAwait(false);
        if (!whole.IsTooLong)
        {
            return whole;
        }

        StepNeed? longest = null;
        for (ulong block = game.StartingBlock; block < last && block < game.StartingBlock + RunsMax; block++)
        {
            StepNeed need = await MeasureAsync(block, block + 1, store, cancellation).ConfigureAwait(false);
            longest = longest is null || need.Steps > longest.Steps ? need : longest;
            if (longest.IsTooLong)
            {
                break;
            }
        }

        bool isPart = longest is { IsTooLong: false } && last - game.StartingBlock > RunsMax;
        return longest is null || isPart ? whole : longest;
    }

    private async Task<StepNeed> MeasureAsync(
        ulong agreed, ulong claimed, PreimageStore store, CancellationToken cancellation)
    {
        OutputRoot before = await OutputRoot.ReadAsync(l2, agreed, cancellation).ConfigureAwait(false);
        OutputRoot after = await OutputRoot.ReadAsync(l2, claimed, cancellation).ConfigureAwait(false);
        DisputedClaim claim = new()
        {
            L1Head = game.L1Head,
            AgreedOutputRoot = before.Hash,
            AgreedBlockHash = before.BlockHash,
            ClaimedOutputRoot = after.Hash,
            ClaimedBlockNumber = claimed,
            ChainId = game.L2ChainId,
        };
        return await Task.Run(() => Measure(claim, store, cancellation), cancellation).ConfigureAwait(false);
    }

    private StepNeed Measure(DisputedClaim claim, PreimageStore store, CancellationToken cancellation)
    {
        UInt128 positions = UInt128.One << game.Rules.ExecutionDepth;
        using HostOracle oracle = new(claim, store, fetch(claim, store), cancellation);
        MachineOptions connected = CheckedSource.Connect(oracle);
        using IEngineMachine machine = options.Engine.LoadState(options.PrestatePath, connected);
        ulong first = machine.Step;
        ulong most = (ulong)UInt128.Min(positions, StepsMax);
        StopReason end = machine.Run(new RunLimits { UntilStep = first + most, Cancellation = cancellation });
        return new StepNeed(
            machine.Step - first, end == StopReason.Exited, claim.ClaimedBlockNumber, positions);
    }
}
