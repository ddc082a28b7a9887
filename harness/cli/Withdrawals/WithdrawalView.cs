using System;
using System.IO;
using System.Text.Json;
using Culverin.Harness.Chain;
using Culverin.Harness.Withdrawals;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>Shows withdrawals on standard output, for people or as one JSON object on each line.</summary>
internal sealed class WithdrawalView(bool isJson)
{
    // Rises when a field changes its meaning or goes away.
    private const int SchemaVersion = 1;

    private readonly TextWriter _output = Console.Out;

    /// <summary>Shows how far a withdrawal is, and the transaction that was sent for it, if any.</summary>
    public void ShowStatus(
        InitiatedWithdrawal initiated, WithdrawalStatus status, Bytes32? sent = null)
    {
        if (isJson)
        {
            ShowJson(json => WriteStatus(json, initiated, status, sent));
            return;
        }

        string reason = status.Reason == BlockReason.None ? "" : $" ({status.Reason})";
        _output.WriteLine($"{initiated.Withdrawal.Hash}  {status.Stage}{reason}");
        _output.WriteLine($"  {status.Explanation}");
        if (status.ReadyAt is { } readyAt && status.Next == WithdrawalAction.Wait)
        {
            _output.WriteLine($"  ready at {DateTimeOffset.FromUnixTimeSeconds((long)readyAt):u}");
        }

        if (sent is { } hash)
        {
            _output.WriteLine($"  sent in {hash}");
        }
    }

    /// <summary>Shows a failure that does not end the run.</summary>
    public void ShowFailure(InitiatedWithdrawal initiated, ChainException error)
    {
        if (isJson)
        {
            ShowJson(json =>
            {
                json.WriteString("withdrawal", initiated.Withdrawal.Hash.ToString());
                json.WriteString("error", error.Message);
            });
            return;
        }

        _output.WriteLine($"{initiated.Withdrawal.Hash}  {error.Message}");
    }

    private static void WriteStatus(
        Utf8JsonWriter json, InitiatedWithdrawal initiated, WithdrawalStatus status, Bytes32? sent)
    {
        json.WriteString("withdrawal", initiated.Withdrawal.Hash.ToString());
        json.WriteString("l2Transaction", initiated.TransactionHash.ToString());
        json.WriteNumber("l2Block", initiated.BlockNumber);
        json.WriteString("sender", initiated.Withdrawal.Sender.ToString());
        json.WriteString("target", initiated.Withdrawal.Target.ToString());
        json.WriteWei("valueWei", initiated.Withdrawal.Value);
        json.WriteString("stage", status.Stage.ToString());
        json.WriteString("reason", status.Reason.ToString());
        json.WriteString("next", status.Next.ToString());
        json.WriteString("explanation", status.Explanation);
        json.WriteNumber("l1Block", status.L1BlockNumber);
        json.WriteString("l1BlockHash", status.L1BlockHash.ToString());
        json.WriteNumber("l1Timestamp", status.L1Timestamp);
        json.WriteString("game", status.Game?.ToString());
        json.WriteNumber("gameIndex", status.GameIndex);
        json.WriteNumber("gameBlock", status.GameBlockNumber);
        json.WriteString("prover", status.Prover?.ToString());
        json.WriteNumber("provenAt", status.ProvenAt);
        json.WriteNumber("matureAt", status.MatureAt);
        json.WriteNumber("resolvedAt", status.ResolvedAt);
        json.WriteNumber("airGapEndsAt", status.AirGapEndsAt);
        json.WriteNumber("readyAt", status.ReadyAt);
        json.WriteString("l1Transaction", sent?.ToString());
    }

    private void ShowJson(Action<Utf8JsonWriter> write) => JsonLine.Write(_output, SchemaVersion, write);
}
