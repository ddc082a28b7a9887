using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// What is right to claim anywhere in a game: output roots above the split; below it states of the run
/// that the claims around decide on.
/// </summary>
public sealed class GameTrace
{
    private readonly OutputTrace _outputs;
    private readonly IStateTraces _states;

    /// <summary>Joins both.</summary>
    public GameTrace(OutputTrace outputs, IStateTraces states)
    {
        _outputs = outputs;
        _states = states;
    }

    /// <summary>The right value at a claim's position.</summary>
    public async Task<Bytes32> RightValueAsync(
        Game game, Claim claim, CancellationToken cancellation = default)
    {
        if (game.IsOutput(claim))
        {
            return await OutputAsync(game, claim.Position, cancellation).ConfigureAwait(false);
        }

        IStateTrace states = await OpenAsync(game, game.DisputeAround(claim), cancellation)
            .ConfigureAwait(false);
        return await states
            .ClaimAtAsync(StateIndex(game, claim.Position), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>The right value at the position where a move against a claim goes.</summary>
    public async Task<Bytes32> CounterValueAsync(
        Game game, Claim claim, bool isAttack, CancellationToken cancellation = default)
    {
        Position position = claim.Position.Move(isAttack);
        if (position.Depth <= game.Rules.SplitDepth)
        {
            return await OutputAsync(game, position, cancellation).ConfigureAwait(false);
        }

        OutputDispute dispute =
            game.IsOutput(claim) ? game.DisputeBelow(claim, isAttack) : game.DisputeAround(claim);
        IStateTrace states = await OpenAsync(game, dispute, cancellation).ConfigureAwait(false);
        return await states
            .ClaimAtAsync(StateIndex(game, position), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>What a step against a claim at the greatest depth needs.</summary>
    public async Task<StepData> StepAsync(
        Game game, Claim claim, bool isAttack, CancellationToken cancellation = default)
    {
        IStateTrace states = await OpenAsync(game, game.DisputeAround(claim), cancellation)
            .ConfigureAwait(false);
        UInt128 index = StateIndex(game, claim.Position);
        return await states.StepAsync(isAttack ? index : index + 1, cancellation).ConfigureAwait(false);
    }

    /// <summary>See <see cref="OutputTrace.FindProposedOutputAsync"/>.</summary>
    public Task<Bytes32?> FindProposedOutputAsync(CancellationToken cancellation = default) =>
        _outputs.FindProposedOutputAsync(cancellation);

    /// <summary>What shows everyone which block the right output at a claim's position is about.</summary>
    public Task<OutputEvidence> EvidenceAsync(
        Game game, Claim claim, CancellationToken cancellation = default) =>
        _outputs.EvidenceAtAsync(claim.Position.TraceIndex(game.Rules.SplitDepth), cancellation);

    /// <summary>See <see cref="IStateTraces.FindNeedAsync"/>.</summary>
    public Task<StepNeed?> FindNeedAsync(CancellationToken cancellation = default) =>
        _states.FindNeedAsync(cancellation);

    private static UInt128 StateIndex(Game game, Position position) => position
        .RelativeTo(game.Rules.SplitDepth + 1)
        .TraceIndex(game.Rules.ExecutionDepth);

    private Task<Bytes32> OutputAsync(Game game, Position position, CancellationToken cancellation) =>
        _outputs.ClaimAtAsync(position.TraceIndex(game.Rules.SplitDepth), cancellation);

    private async Task<IStateTrace> OpenAsync(
        Game game, OutputDispute dispute, CancellationToken cancellation)
    {
        IStateTrace states = await _states.OpenAsync(dispute, cancellation).ConfigureAwait(false);
        Bytes32 prestate = await states.PrestateAsync(cancellation).ConfigureAwait(false);
        return EqualsButStatus(prestate, game.Rules.AbsolutePrestate)
            ? states
            : throw new UndecidableException(
                $"The program here begins with state {prestate}, but the game's with "
                    + $"{game.Rules.AbsolutePrestate}.");
    }

    /// <summary>Whether two state hashes differ in nothing but the status in byte 0.</summary>
    internal static bool EqualsButStatus(Bytes32 left, Bytes32 right) =>
        left.ToArray().AsSpan(1).SequenceEqual(right.ToArray().AsSpan(1));
}
