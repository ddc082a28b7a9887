using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Report;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>What a round of the player did, would do, waits for, warns of, and why it failed.</summary>
internal abstract record RoundLine(
    [property: JsonPropertyName("deeds"), JsonPropertyOrder(1)] IEnumerable<ActionReport> Actions,
    [property: JsonPropertyOrder(1)] IEnumerable<IntentReport> Intents,
    [property: JsonPropertyOrder(1)] IEnumerable<WaitReport> Waits,
    [property: JsonPropertyOrder(1)] IReadOnlyList<string> Warnings,
    [property: JsonPropertyOrder(1)] string? Failure) : JsonReport
{
    protected RoundLine(
        IReadOnlyList<PlayerAction> actions,
        IReadOnlyList<PlayerIntent> intents,
        IReadOnlyList<PlayerWait> waits,
        IReadOnlyList<string> warnings,
        string? failure)
        : this(
            actions.Select(ActionReport.Of),
            intents.Select(IntentReport.Of),
            waits.Select(wait => new WaitReport(wait.ClaimIndex, wait.Reason, wait.Until)),
            warnings,
            failure)
    {
    }
}

/// <summary>What the player intends, and what it will cost.</summary>
internal record IntentReport(
    string Kind,
    int? Claim,
    string Reason,
    string? Move,
    string? Value,
    string BondWei,
    ulong? Gas,
    string? GasCostWei)
{
    protected IntentReport(PlayerIntent intent)
        : this(
            intent.Kind.ToString(),
            intent.ClaimIndex,
            intent.Reason,
            intent.IsAttack is { } isAttack ? isAttack ? "attack" : "defend" : null,
            intent.Value?.ToString(),
            intent.BondWei.ToString(CultureInfo.InvariantCulture),
            intent.Gas,
            ((BigInteger?)intent.GasCostWei)?.ToString(CultureInfo.InvariantCulture))
    {
    }

    /// <summary>Tells an intent.</summary>
    public static IntentReport Of(PlayerIntent intent) => new(intent);
}

/// <summary>What the player did.</summary>
internal sealed record ActionReport : IntentReport
{
    private ActionReport(PlayerAction action)
        : base(action.Intent)
    {
        TransactionReceipt receipt = action.Receipt;
        Transaction = receipt.Hash.ToString();
        Succeeded = receipt.Succeeded;
        GasUsed = receipt.GasUsed;
    }

    [JsonPropertyOrder(1)]
    public string Transaction { get; }

    [JsonPropertyOrder(1)]
    public bool Succeeded { get; }

    [JsonPropertyOrder(1)]
    public ulong GasUsed { get; }

    /// <summary>Tells an action.</summary>
    public static ActionReport Of(PlayerAction action) => new(action);
}

/// <summary>What is waited for, and until when.</summary>
internal sealed record WaitReport(int? Claim, string Reason, ulong? Until);
