using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>An account that plays in a game as a scenario tells it, be it right or wrong.</summary>
public sealed class GameActor
{
    // A move takes a quarter of it.
    private const ulong MoveGas = 1_000_000;

    private readonly GameRig _rig;
    private readonly ScenarioRun _run;

    internal GameActor(GameRig rig, ScenarioRun run, ArenaAccount account)
    {
        _rig = rig;
        _run = run;
        Client = new GameClient(rig.Contract, run.Arena.OnL1(account));
    }

    /// <summary>Sends its transactions.</summary>
    public GameClient Client { get; }

    /// <summary>Its account.</summary>
    public Address Address => Client.Account;

    /// <summary>Attacks a claim with a value, and returns the new claim.</summary>
    public Task<Claim> AttackAsync(Claim claim, Bytes32 value) => MoveAsync(claim, true, value);

    /// <summary>Defends a claim with a value, and returns the new claim.</summary>
    public Task<Claim> DefendAsync(Claim claim, Bytes32 value) => MoveAsync(claim, false, value);

    /// <summary>Moves against a claim with the right value, and returns the new claim.</summary>
    public async Task<Claim> MoveRightAsync(Claim claim, bool isAttack) => await MoveAsync(
        claim, isAttack, await _rig.RightCounterAsync(claim, isAttack).ConfigureAwait(false))
        .ConfigureAwait(false);

    /// <summary>
    /// Moves against a claim, with the bond that the contract asks for, and returns the new claim. Throws
    /// <see cref="RevertedException"/> when the contract refuses it.
    /// </summary>
    public async Task<Claim> MoveAsync(Claim claim, bool isAttack, Bytes32 value)
    {
        Position position = claim.Position.Move(isAttack);
        int depth = int.Min(position.Depth, _rig.Game.Rules.MaxDepth);
        _ = await Client
            .MoveAsync(claim, isAttack, value, _rig.Game.Rules.Bonds[depth], _run.Cancellation)
            .ConfigureAwait(false);
        Game game = await _rig.ReadAsync().ConfigureAwait(false);
        return game.Claims.Last(each =>
            each.ParentIndex == claim.Index && each.Position == position && each.Value == value);
    }

    /// <summary>
    /// Makes many moves in one block, and returns how many of them the contract took. Nothing is said of
    /// those that it refused.
    /// </summary>
    public async Task<int> MoveManyAsync(
        IReadOnlyList<(Claim Claim, bool IsAttack, Bytes32 Value)> moves)
    {
        await _run.Arena.L1.ImpersonateAsync(Address, _run.Cancellation).ConfigureAwait(false);
        CallRequest[] calls =
        [
            .. moves.Select(move => Client.MoveRequest(
                move.Claim,
                move.IsAttack,
                move.Value,
                _rig.Game.Rules.Bonds[move.Claim.Position.Depth + 1]) with { GasLimit = MoveGas }),
        ];
        IReadOnlyList<TransactionReceipt> receipts = await _run.Arena.L1
            .SendInOneBlockAsync(calls, _run.Cancellation)
            .ConfigureAwait(false);
        _ = await _rig.ReadAsync().ConfigureAwait(false);
        return receipts.Count(receipt => receipt.Succeeded);
    }

    /// <summary>Steps against a claim; what the step reads must be in the oracle already.</summary>
    public async Task StepAsync(Claim claim, bool isAttack, StepData data)
    {
        _ = await Client
            .StepAsync(claim.Index, isAttack, data, _run.Cancellation)
            .ConfigureAwait(false);
        _ = await _rig.ReadAsync().ConfigureAwait(false);
    }
}
