using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// What is right in a game, found in another way than the player finds it: the scenario itself knows which
/// blocks it has put on L1, the L2's node has the outputs, positions are counted by hand, and a machine of
/// its own runs straight from the first state.
/// </summary>
/// <param name="l2">The L2's own node, which no scenario lets lie.</param>
/// <param name="lastBlock">The last L2 block whose data were on L1 when the game was created.</param>
/// <param name="machine">The judge's machine.</param>
/// <param name="end">The game at its end, so that one run suffices for all claims about it.</param>
internal sealed class JudgeTruth(EthereumNode l2, ulong lastBlock, IJudgeMachine machine, Game end)
    : ISolverTruth
{
    private readonly Dictionary<ulong, OutputRoot> _outputs = [];
    private readonly Dictionary<(Bytes32 Starting, Bytes32 Disputed, long Leaf), Run> _runs = [];

    /// <inheritdoc/>
    public async Task<bool> IsRightAsync(Game game, Claim claim, CancellationToken cancellation)
    {
        if (claim.Position.Depth <= game.Rules.SplitDepth)
        {
            long leaf = JudgedDispute.LeafOf(game, claim);
            return claim.Value == (await OutputAsync(leaf, cancellation).ConfigureAwait(false)).Hash;
        }

        JudgedDispute dispute = JudgedDispute.Of(game, claim);
        Run run = await RunAsync(game, dispute, cancellation).ConfigureAwait(false);
        return claim.Value == run.States[dispute.TraceIndex];
    }

    /// <inheritdoc/>
    public async Task<bool> IsSoundAsync(Game game, Claim claim, CancellationToken cancellation)
    {
        JudgedDispute dispute = JudgedDispute.Of(game, claim);
        return dispute.Starting is not { } starting
            || starting.Value
                == (await OutputAsync(dispute.StartingLeaf, cancellation).ConfigureAwait(false)).Hash;
    }

    // Leaf 0 is the block after the one that the game begins with.
    private async Task<OutputRoot> OutputAsync(long leaf, CancellationToken cancellation)
    {
        ulong block = ulong.Min(end.StartingBlock + (ulong)(leaf + 1), lastBlock);
        if (!_outputs.TryGetValue(block, out OutputRoot? output))
        {
            output = await OutputRoot.ReadAsync(l2, block, cancellation).ConfigureAwait(false);
            _outputs.Add(block, output);
        }

        return output;
    }

    private async Task<Run> RunAsync(Game game, JudgedDispute dispute, CancellationToken cancellation)
    {
        OutputRoot agreed =
            await OutputAsync(dispute.StartingLeaf, cancellation).ConfigureAwait(false);
        (Bytes32 Starting, Bytes32 Disputed, long Leaf) key =
            (agreed.Hash, dispute.Disputed.Value, dispute.DisputedLeaf);
        if (!_runs.TryGetValue(key, out Run? run))
        {
            UInt128[] wanted =
            [
                .. end.Claims
                    .Where(claim => claim.Position.Depth > end.Rules.SplitDepth)
                    .Select(claim => JudgedDispute.Of(end, claim))
                    .Where(each => each.DisputedLeaf == dispute.DisputedLeaf
                        && each.Disputed.Value == dispute.Disputed.Value)
                    .Select(each => each.TraceIndex)
                    .Distinct()
                    .Order(),
            ];
            JudgedRun about = new(
                agreed,
                dispute.Disputed.Value,
                game.StartingBlock + (ulong)(dispute.DisputedLeaf + 1));
            IReadOnlyList<Bytes32> states = await machine
                .StatesAsync(game, about, [.. wanted.Select(index => index + 1)], cancellation)
                .ConfigureAwait(false);
            run = new Run(wanted.Zip(states).ToDictionary(each => each.First, each => each.Second));
            _runs.Add(key, run);
        }

        return run;
    }

    private sealed record Run(Dictionary<UInt128, Bytes32> States);
}
