using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Culverin.Harness.Chain;
using Culverin.Harness.Withdrawals;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>Shows withdrawals on standard output, for people or as one JSON object on each line.</summary>
internal sealed class WithdrawalView(bool isJson)
{
    // Rises when a field changes its meaning or goes away.
    private const int SchemaVersion = 1;

    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
        json.WriteString("valueWei", initiated.Withdrawal.Value.ToString(CultureInfo.InvariantCulture));
        json.WriteString("stage", status.Stage.ToString());
        json.WriteString("reason", status.Reason.ToString());
        json.WriteString("next", status.Next.ToString());
        json.WriteString("explanation", status.Explanation);
        json.WriteNumber("l1Block", status.L1BlockNumber);
        json.WriteString("l1BlockHash", status.L1BlockHash.ToString());
        json.WriteNumber("l1Timestamp", status.L1Timestamp);
        json.WriteString("game", status.Game?.ToString());
        WriteNumber(json, "gameIndex", status.GameIndex);
        WriteNumber(json, "gameBlock", status.GameBlockNumber);
        json.WriteString("prover", status.Prover?.ToString());
        WriteNumber(json, "provenAt", status.ProvenAt);
        WriteNumber(json, "matureAt", status.MatureAt);
        WriteNumber(json, "resolvedAt", status.ResolvedAt);
        WriteNumber(json, "airGapEndsAt", status.AirGapEndsAt);
        WriteNumber(json, "readyAt", status.ReadyAt);
        json.WriteString("l1Transaction", sent?.ToString());
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, ulong? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void ShowJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            write(json);
            json.WriteEndObject();
        }

        _output.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
        _output.Flush();
    }
}
