using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>
/// Draws a withdrawal's status from what the contracts said at one block; it asks nobody itself. A delay of n
/// seconds is over in second n + 1: the portal wants more than n to have passed.
/// </summary>
internal static class StatusMachine
{
    /// <summary>
    /// What makes a game worthless for payment, in the order in which the portal looks; none when nothing.
    /// </summary>
    public static BlockReason FaultOf(GameFacts game, PortalFacts portal) => game switch
    {
        { IsBlacklisted: true } => BlockReason.GameBlacklisted,
        { IsLost: true } => BlockReason.GameLost,
        { IsRegistered: false } => BlockReason.GameUnregistered,
        _ when !IsRespected(game, portal) => BlockReason.WrongGameType,
        _ when IsRetired(game, portal) => BlockReason.GameRetired,
        _ => BlockReason.None,
    };

    /// <summary>What makes a game worthless to prove on; none when nothing.</summary>
    public static BlockReason FaultToProve(GameFacts game, PortalFacts portal)
    {
        BlockReason fault = FaultOf(game, portal);
        return fault == BlockReason.None
            && portal.Rules != PortalRules.Registry
            && game.Type != portal.RespectedType
                ? BlockReason.WrongGameType
                : fault;
    }

    /// <summary>
    /// The proof that pays first: a sound one before one that never will, then the earliest.
    /// </summary>
    public static ProofFacts? Best(IReadOnlyList<ProofFacts> proofs, PortalFacts portal) => proofs
        .OrderBy(proof => FaultOf(proof, portal) != BlockReason.None)
        .ThenBy(proof => proof.Game.IsWon ? ReadyAt(proof, portal) : ulong.MaxValue)
        .ThenBy(proof => proof.ProvenAt)
        .FirstOrDefault();

    /// <summary>What makes a proof worthless; none when nothing.</summary>
    public static BlockReason FaultOf(ProofFacts proof, PortalFacts portal)
    {
        BlockReason fault = FaultOf(proof.Game, portal);
        return fault == BlockReason.None && proof.ProvenAt <= proof.Game.CreatedAt
            ? BlockReason.ProvenTooEarly
            : fault;
    }

    /// <summary>The status.</summary>
    /// <param name="portal">The portal.</param>
    /// <param name="proof">The best proof; null when there is none.</param>
    /// <param name="choice">The game to prove on, looked for when no proof is sound.</param>
    /// <param name="money">Where the money is until then.</param>
    public static WithdrawalStatus Judge(
        PortalFacts portal, ProofFacts? proof, GameChoice choice, MoneyPlace money)
    {
        WithdrawalStatus status = proof is not null && FaultOf(proof, portal) == BlockReason.None
            ? OfProof(portal, proof)
            : OfChoice(portal, proof, choice);
        status = status with { Money = money };
        if (portal.IsPaused)
        {
            status = status with
            {
                Stage = WithdrawalStage.Blocked,
                Reason = BlockReason.Paused,
                Next = WithdrawalAction.Wait,
            };
        }

        return status with { Explanation = StatusText.Of(status) };
    }

    /// <summary>The status of a withdrawal that the portal has executed.</summary>
    public static WithdrawalStatus Judge(PortalFacts portal, Delivery delivery)
    {
        WithdrawalStage stage = delivery.Reason == BlockReason.None
            ? WithdrawalStage.Finalized
            : WithdrawalStage.Undelivered;
        WithdrawalStatus status = Make(portal, stage, delivery.Next) with
        {
            Reason = delivery.Reason,
            Money = delivery.Money,
            Detail = delivery.Detail,
        };
        return status with { Explanation = StatusText.Of(status) };
    }

    /// <summary>
    /// The status of a withdrawal that the portal would pay by a proof, whatever else speaks against it.
    /// </summary>
    public static WithdrawalStatus Payable(PortalFacts portal, ProofFacts proof, MoneyPlace money)
    {
        WithdrawalStatus status = WithProof(portal, proof) with
        {
            Stage = WithdrawalStage.ReadyToFinalize,
            Next = WithdrawalAction.Finalize,
            ReadyAt = portal.Head.Timestamp,
            Money = money,
        };
        return status with { Explanation = StatusText.Of(status) };
    }

    private static bool IsRespected(GameFacts game, PortalFacts portal) => portal.Rules switch
    {
        PortalRules.RespectedNow => game.Type == portal.RespectedType,
        _ => game.WasRespected == true,
    };

    // Only the oldest rules let games live that were made in the very second of the change.
    private static bool IsRetired(GameFacts game, PortalFacts portal) => portal.Rules switch
    {
        PortalRules.RespectedNow => game.CreatedAt < portal.RespectedTypeUpdatedAt,
        PortalRules.RespectedAtCreation => game.CreatedAt <= portal.RespectedTypeUpdatedAt,
        _ => game.IsRetired != false,
    };

    private static WithdrawalStatus OfProof(PortalFacts portal, ProofFacts proof)
    {
        WithdrawalStatus status = WithProof(portal, proof);
        ulong now = portal.Head.Timestamp;
        WithdrawalStage stage = now < status.MatureAt
            ? WithdrawalStage.Maturing
            : !proof.Game.IsWon
                ? WithdrawalStage.WaitingForGame
                : now < status.AirGapEndsAt ? WithdrawalStage.InAirGap : WithdrawalStage.ReadyToFinalize;
        return status with
        {
            Stage = stage,
            Next = stage == WithdrawalStage.ReadyToFinalize
                ? WithdrawalAction.Finalize
                : WithdrawalAction.Wait,
            ReadyAt = proof.Game.IsWon ? ReadyAt(proof, portal) : null,
        };
    }

    private static WithdrawalStatus OfChoice(PortalFacts portal, ProofFacts? proof, GameChoice choice)
    {
        // That another tool must prove says more than what is wrong with the games that are known.
        bool isUnknown = !choice.IsUsable && choice.Fault == BlockReason.UnknownGameType;
        BlockReason fault = proof is null || isUnknown ? choice.Fault : FaultOf(proof, portal);
        WithdrawalStatus status = proof is null
            ? Make(portal, WithdrawalStage.Blocked, WithdrawalAction.Wait)
            : WithProof(portal, proof);
        status = status with
        {
            Reason = fault,
            Game = proof?.Game.Address ?? choice.Game?.Address,
            Detail = choice.Detail,
        };
        if (choice is not { IsUsable: true, Game: { } game })
        {
            return fault == BlockReason.None
                ? status with { Stage = WithdrawalStage.WaitingForProposal }
                : status;
        }

        // A proof from the second of the game's creation would never count.
        bool isReady = portal.Head.Timestamp > game.CreatedAt;
        WithdrawalStage stage = fault != BlockReason.None
            ? WithdrawalStage.Blocked
            : isReady ? WithdrawalStage.ReadyToProve : WithdrawalStage.WaitingForProposal;
        return status with
        {
            Stage = stage,
            Next = isReady ? WithdrawalAction.Prove : WithdrawalAction.Wait,
            Game = game.Address,
            GameIndex = choice.Index,
            GameBlockNumber = (ulong)game.BlockNumber,
            ReadyAt = game.CreatedAt + 1,
        };
    }

    private static WithdrawalStatus WithProof(PortalFacts portal, ProofFacts proof) =>
        Make(portal, WithdrawalStage.Blocked, WithdrawalAction.Wait) with
        {
            Game = proof.Game.Address,
            Prover = proof.Prover,
            ProvenAt = proof.ProvenAt,
            MatureAt = proof.ProvenAt + portal.MaturitySeconds + 1,
            ResolvedAt = proof.Game.ResolvedAt == 0 ? null : proof.Game.ResolvedAt,
            AirGapEndsAt = proof.Game.IsWon ? proof.Game.ResolvedAt + portal.FinalitySeconds + 1 : null,
        };

    private static ulong ReadyAt(ProofFacts proof, PortalFacts portal) => Math.Max(
        proof.ProvenAt + portal.MaturitySeconds + 1,
        proof.Game.ResolvedAt + portal.FinalitySeconds + 1);

    private static WithdrawalStatus Make(
        PortalFacts portal, WithdrawalStage stage, WithdrawalAction next) => new()
        {
            Stage = stage,
            Next = next,
            Explanation = "",
            RespectedGameType = (uint)portal.RespectedType,
            L1BlockNumber = portal.Head.Number,
            L1BlockHash = portal.Head.Hash,
            L1Timestamp = portal.Head.Timestamp,
        };
}
