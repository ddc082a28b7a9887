using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>Says a status in plain sentences.</summary>
internal static class StatusText
{
    /// <summary>Stage, reason and remedy.</summary>
    public static string Of(WithdrawalStatus status) => status.Stage switch
    {
        WithdrawalStage.WaitingForProposal when status.Game is { } game =>
            $"The game {game} covers the block and can be proven on from second {status.ReadyAt}.",
        WithdrawalStage.WaitingForProposal => "No game covers the withdrawal's L2 block yet.",
        WithdrawalStage.ReadyToProve => $"It can be proven on the game {status.Game}.",
        WithdrawalStage.Maturing when status.AirGapEndsAt is not null =>
            $"The proof is old enough in second {status.MatureAt}, and payable in {status.ReadyAt}.",
        WithdrawalStage.Maturing =>
            $"The proof is old enough in second {status.MatureAt}; the game {status.Game} is not resolved.",
        WithdrawalStage.WaitingForGame =>
            $"The proof is old enough, but the game {status.Game} is not resolved.",
        WithdrawalStage.InAirGap =>
            $"The game was resolved in second {status.ResolvedAt}; payable in {status.AirGapEndsAt}.",
        WithdrawalStage.ReadyToFinalize => $"It can be paid out by the proof of {status.Prover}.",
        WithdrawalStage.Finalized => status.Money switch
        {
            MoneyPlace.Unknown =>
                $"The portal has executed it. Whether its target took the call is unknown: {status.Detail}",
            MoneyPlace.None => "It was delivered.",
            _ => "It was paid out.",
        },
        WithdrawalStage.Undelivered => OfLoss(status),
        _ => OfReason(status) + Remedy(status),
    };

    private static string OfLoss(WithdrawalStatus status)
    {
        string place = status.Money switch
        {
            MoneyPlace.Portal => " The ether stays in the portal.",
            MoneyPlace.Messenger => " The ether is in the messenger.",
            MoneyPlace.Bridge => " The tokens are in the bridge.",
            _ => "",
        };
        return status switch
        {
            { Reason: BlockReason.TargetRefused } =>
                "The portal has executed it, its target refused the call, and nobody was paid."
                    + $"{place} It cannot be executed again. {status.Detail}",
            { Next: WithdrawalAction.Replay } =>
                "The messenger could not deliver the message, and nobody was paid."
                    + $"{place} It can be delivered now: replay it.",
            _ => "The messenger could not deliver the message, and nobody was paid."
                + $"{place} A replay would fail again. {status.Detail}",
        };
    }

    private static string OfReason(WithdrawalStatus status) => status.Reason switch
    {
        BlockReason.Paused => "The guardian has paused the system.",
        BlockReason.GameBlacklisted => "The guardian has blacklisted the game.",
        BlockReason.GameLost => "The game was lost: its output root is refuted.",
        BlockReason.WrongGameType => "The game is not of the type that withdrawals are paid by now.",
        BlockReason.GameRetired => "The game is older than the last change of the respected game type.",
        BlockReason.ProvenTooEarly => "It was proven in the second of the game's creation, in vain.",
        BlockReason.GameUnregistered => "The game is of another factory or registry than those that count.",
        BlockReason.UnknownGameType =>
            $"Withdrawals are paid by games of type {status.RespectedGameType} now, which is not known here.",
        BlockReason.StateUnavailable =>
            "The L2's node does not have the state of the blocks that the games claim "
                + $"({status.Detail?.TrimEnd('.')}).",
        BlockReason.WrongOutputRoot => "The game that covers the block claims a wrong output root.",
        BlockReason.UnknownBlock => "The game claims an L2 block that the L2's node does not have.",
        _ => "The portal refuses the payment.",
    };

    private static string Remedy(WithdrawalStatus status) => status switch
    {
        { Reason: BlockReason.Paused } => " Nothing can be done until the pause ends; delays run on.",
        { Next: WithdrawalAction.Prove } =>
            $" It must be proven again, on the game {status.Game}; the proof's delay begins anew.",
        { Reason: BlockReason.UnknownGameType } =>
            " No game of a known type can be proven on; a tool that knows that type can.",
        { Reason: BlockReason.StateUnavailable } =>
            " Ask a node that keeps old states, or wait for a newer proposal.",
        _ => " Another proposal must cover the block.",
    };
}
