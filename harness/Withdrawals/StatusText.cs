namespace Culverin.Harness.Withdrawals;

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
        WithdrawalStage.Finalized => "It was paid out.",
        _ => OfReason(status) + Remedy(status),
    };

    private static string OfReason(WithdrawalStatus status) => status.Reason switch
    {
        BlockReason.Paused => "The guardian has paused the system.",
        BlockReason.GameBlacklisted => "The guardian has blacklisted the game.",
        BlockReason.GameLost => "The game was lost: its output root is refuted.",
        BlockReason.WrongGameType => "The game is not of the type that withdrawals are paid by now.",
        BlockReason.GameRetired => "The game is older than the last change of the respected game type.",
        BlockReason.ProvenTooEarly => "It was proven in the second of the game's creation, in vain.",
        BlockReason.WrongOutputRoot => "The game that covers the block claims a wrong output root.",
        BlockReason.UnknownBlock => "The game claims an L2 block that the L2's node does not have.",
        _ => "The portal refuses the payment.",
    };

    private static string Remedy(WithdrawalStatus status) => status switch
    {
        { Reason: BlockReason.Paused } => " Nothing can be done until the pause ends; delays run on.",
        { Next: WithdrawalAction.Prove } =>
            $" It must be proven again, on the game {status.Game}; the proof's delay begins anew.",
        _ => " Another proposal must cover the block.",
    };
}
