using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>Carries a plan out, action by action, each only while it is still due.</summary>
internal sealed class PlayerMoves(
    GameClient client, PlayerSender sender, Game game, Block block, IPreimageLoader preimages)
{
    /// <summary>
    /// Does what is planned. Throws <see cref="ChainException"/> when the chain is no longer the one that
    /// the plan was made for, or a node fails; what was done until then is kept.
    /// </summary>
    internal async Task ActAsync(GamePlan plan, CancellationToken cancellation)
    {
        foreach (Abstention each in plan.Abstentions)
        {
            sender.Wait(each.Claim.Index, each.Reason);
        }

        // What runs out first comes first.
        foreach (IntendedAction action in plan.Actions.OrderBy(action => game.ClockEnd(action.Against)))
        {
            if (await IsDueAsync(action, cancellation).ConfigureAwait(false))
            {
                await ActAsync(action, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ActAsync(IntendedAction action, CancellationToken cancellation)
    {
        int index = action.Against.Index;
        switch (action)
        {
            case IntendedMove move:
                _ = await sender.SendAsync(
                    new PlayerIntent(PlayerActionKind.Move, index, move.Reason)
                    {
                        IsAttack = move.IsAttack,
                        Value = move.Value,
                        BondWei = move.Bond,
                    },
                    client.MoveRequest(move.Against, move.IsAttack, move.Value, move.Bond),
                    canEstimate: true,
                    cancellation).ConfigureAwait(false);
                break;
            case IntendedStep step:
                await StepAsync(step, cancellation).ConfigureAwait(false);
                break;
            case IntendedBlockChallenge challenge:
                _ = await sender.SendAsync(
                    new PlayerIntent(PlayerActionKind.ChallengeBlockNumber, index, challenge.Reason),
                    client.ChallengeRootL2BlockRequest(
                        challenge.Evidence.Output, challenge.Evidence.Header),
                    canEstimate: true,
                    cancellation).ConfigureAwait(false);
                break;
            default:
                throw new ChainException(ChainFailure.Abi, $"A player cannot do {action.GetType().Name}.");
        }
    }

    private async Task StepAsync(IntendedStep step, CancellationToken cancellation)
    {
        int index = step.Against.Index;
        IReadOnlyList<CallRequest>? loads = await FindLoadsAsync(step, cancellation).ConfigureAwait(false);
        if (loads is null)
        {
            return;
        }

        for (int place = 0; place < loads.Count; place++)
        {
            PlayerIntent intent = new(
                PlayerActionKind.LoadPreimage, index, $"The step against claim {index} reads it.")
            {
                BondWei = loads[place].Value,
            };
            bool isDone = await sender
                .SendAsync(intent, loads[place], canEstimate: place == 0, cancellation)
                .ConfigureAwait(false);
            if (!isDone && !sender.IsDryRun)
            {
                return;
            }
        }

        // A large pre-image is not there at once.
        bool isLoaded = loads.Count == 0
            || (!sender.IsDryRun
                && await FindLoadsAsync(step, cancellation).ConfigureAwait(false) is { Count: 0 });
        if (!isLoaded && !sender.IsDryRun)
        {
            return;
        }

        _ = await sender.SendAsync(
            new PlayerIntent(PlayerActionKind.Step, index, step.Reason) { IsAttack = step.IsAttack },
            client.StepRequest(index, step.IsAttack, step.Data),
            isLoaded,
            cancellation).ConfigureAwait(false);
    }

    // Null when there is no way to load what this step reads: other actions may be possible all the same.
    private async Task<IReadOnlyList<CallRequest>?> FindLoadsAsync(
        IntendedStep step, CancellationToken cancellation)
    {
        try
        {
            return await preimages
                .PlanAsync(client, game, step, cancellation)
                .ConfigureAwait(false);
        }
        catch (PreimageLateException error)
        {
            sender.Wait(step.Against.Index, error.Message);
            sender.Warn($"Claim {step.Against.Index} stands although it is wrong. {error.Message}");
            return null;
        }
        catch (PreimageWaitException error)
        {
            sender.Wait(step.Against.Index, error.Message, error.UntilSeconds);
            return null;
        }
        catch (ChainException error) when (error.Failure == ChainFailure.Abi)
        {
            sender.Wait(step.Against.Index, error.Message);
            return null;
        }
    }

    // The plan took time: the game may have gone on, be it by another player or by this one before it was
    // killed, or L1 may have been reorganised.
    private async Task<bool> IsDueAsync(IntendedAction action, CancellationToken cancellation)
    {
        Contract contract = client.Contract;
        Block? same = await contract.Node.FindBlockAsync(block.Number, cancellation).ConfigureAwait(false);
        if (same?.Hash != block.Hash)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"L1 was reorganised: block {block.Number} is no longer {block.Hash}. The game is read "
                    + "again.");
        }

        CallBatch batch = new(contract.Node, BlockReference.Latest);
        BatchAnswer<FaultDisputeGame.ClaimDataResult> now = batch.Add(
            contract, new FaultDisputeGame.ClaimDataFunction { Value = action.Against.Index });
        BatchAnswer<FaultDisputeGame.StatusResult> status =
            batch.Add(contract, new FaultDisputeGame.StatusFunction());
        BatchAnswer<FaultDisputeGame.L2BlockNumberChallengedResult> isNumberChallenged =
            batch.Add(contract, new FaultDisputeGame.L2BlockNumberChallengedFunction());
        BatchAnswer<FaultDisputeGame.ClaimsResult>? isMade = action is IntendedMove move
            ? batch.Add(contract, new FaultDisputeGame.ClaimsFunction
            {
                Value = GameClient.KeyOf(move.Against, move.Position, move.Value),
            })
            : null;
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        FaultDisputeGame.ClaimDataResult claim = now.Require();
        if (claim.Claim != action.Against.Value || claim.Position != action.Against.Position)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"L1 was reorganised: claim {action.Against.Index} is another one now. The game is read "
                    + "again.");
        }

        bool isOpen = status.Require().Value == GameStatus.InProgress;
        return isOpen && action switch
        {
            IntendedMove => !isMade!.Require().Value,
            IntendedStep => claim.CounteredBy == default,
            _ => !isNumberChallenged.Require().Value,
        };
    }
}
