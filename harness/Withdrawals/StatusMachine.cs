using System;
using System.Collections.Generic;
using System.Linq;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Draws a withdrawal's status from what the contracts said at one block; it asks nobody itself. The rules
/// are those of OptimismPortal2 3.10.0. A delay of n seconds is over in second n + 1: the portal wants more
/// than n to have passed.
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
        _ when game.Type != portal.RespectedType => BlockReason.WrongGameType,
        _ when game.CreatedAt < portal.RespectedTypeUpdatedAt => BlockReason.GameRetired,
        _ => BlockReason.None,
    };

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
    public static WithdrawalStatus Judge(PortalFacts portal, ProofFacts? proof, GameChoice choice)
    {
        WithdrawalStatus status = portal.IsFinalized
            ? Make(portal, WithdrawalStage.Finalized, WithdrawalAction.None)
            : proof is not null && FaultOf(proof, portal) == BlockReason.None
                ? OfProof(portal, proof)
                : OfChoice(portal, proof, choice);
        if (portal.IsPaused && !portal.IsFinalized)
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
        BlockReason fault = proof is null ? choice.Fault : FaultOf(proof, portal);
        WithdrawalStatus status = proof is null
            ? Make(portal, WithdrawalStage.Blocked, WithdrawalAction.Wait)
            : WithProof(portal, proof);
        status = status with { Reason = fault, Game = proof?.Game.Address ?? choice.Game?.Address };
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
            L1BlockNumber = portal.Head.Number,
            L1BlockHash = portal.Head.Hash,
            L1Timestamp = portal.Head.Timestamp,
        };
}
