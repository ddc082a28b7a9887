using Culverin.Harness.Report;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>How far a withdrawal is; the README of withdrawals tells the fields.</summary>
internal sealed record WithdrawalLine(
    string Withdrawal,
    string L2Transaction,
    int? Index,
    ulong L2Block,
    string Sender,
    string Target,
    string? ValueWei,
    string Stage,
    string Reason,
    string Next,
    string Money,
    string Explanation,
    ulong L1Block,
    string L1BlockHash,
    ulong L1Timestamp,
    uint RespectedGameType,
    string? Game,
    ulong? GameIndex,
    ulong? GameBlock,
    string? Prover,
    ulong? ProvenAt,
    ulong? MatureAt,
    ulong? ResolvedAt,
    ulong? AirGapEndsAt,
    ulong? ReadyAt,
    string? L1Transaction) : JsonReport
{
    /// <summary>Tells a withdrawal's status.</summary>
    public static WithdrawalLine Of(
        InitiatedWithdrawal initiated, WithdrawalStatus status, Bytes32? sent, int? index) => new(
        initiated.Withdrawal.Hash.ToString(),
        initiated.TransactionHash.ToString(),
        index,
        initiated.BlockNumber,
        initiated.Withdrawal.Sender.ToString(),
        initiated.Withdrawal.Target.ToString(),
        Digits(initiated.Withdrawal.Value),
        status.Stage.ToString(),
        status.Reason.ToString(),
        status.Next.ToString(),
        status.Money.ToString(),
        status.Explanation,
        status.L1BlockNumber,
        status.L1BlockHash.ToString(),
        status.L1Timestamp,
        status.RespectedGameType,
        status.Game?.ToString(),
        status.GameIndex,
        status.GameBlockNumber,
        status.Prover?.ToString(),
        status.ProvenAt,
        status.MatureAt,
        status.ResolvedAt,
        status.AirGapEndsAt,
        status.ReadyAt,
        sent?.ToString());
}

/// <summary>A failure that does not end the run.</summary>
internal sealed record WithdrawalFailureLine(string Withdrawal, string Error) : JsonReport;
