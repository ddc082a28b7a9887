using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Cli.Games;

/// <summary>One JSON object on each line of standard output.</summary>
internal sealed class JsonGameView : IGameView
{
    // Rises when a field changes its meaning or goes away.
    private const int SchemaVersion = 1;

    private readonly TextWriter _output = Console.Out;

    /// <inheritdoc/>
    public void ShowGame(GameSummary summary) => Write(json => WriteSummary(json, summary));

    /// <inheritdoc/>
    public void ShowUnread(FoundGame found, string failure) => Write(json =>
    {
        WriteFound(json, found);
        json.WriteString("failure", failure);
    });

    /// <inheritdoc/>
    public void ShowTree(GameSummary summary) => Write(json =>
    {
        WriteSummary(json, summary);
        json.WriteStartArray("tree");
        foreach (Claim claim in summary.Game.Claims)
        {
            json.WriteStartObject();
            WriteClaim(json, summary, claim);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <inheritdoc/>
    public void ShowRecord(GameRecord record) => Write(json =>
    {
        json.WriteString("event", "game");
        json.WriteString("game", record.Address.ToString());
        json.WriteNumber("gameType", record.GameType);
        WriteBlock(json, record.L1Block);
        json.WriteString("phase", record.Phase.ToString());
        json.WriteString("status", record.Game?.Status.ToString());
        json.WriteNumber("claims", (ulong?)record.Game?.Claims.Count);
        WriteJudgement(json, record.Root);
        WriteList(json, "deeds", record.Deeds, deed =>
        {
            WriteIntent(json, deed.Intent);
            json.WriteString("transaction", deed.Receipt.Hash.ToString());
            json.WriteBoolean("succeeded", deed.Receipt.Succeeded);
            json.WriteNumber("gasUsed", deed.Receipt.GasUsed);
        });
        WriteList(json, "intents", record.Intents, intent => WriteIntent(json, intent));
        WriteList(json, "waits", record.Waits, wait =>
        {
            json.WriteNumber("claim", (ulong?)wait.ClaimIndex);
            json.WriteString("reason", wait.Reason);
            json.WriteNumber("until", wait.Until);
        });
        json.WriteStartArray("warnings");
        foreach (string warning in record.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        json.WriteString("failure", record.Failure);
    });

    /// <inheritdoc/>
    public void ShowService(ServiceRecord record) => Write(json =>
    {
        json.WriteString("event", "service");
        json.WriteNumber("l1Block", record.Head?.Number);
        json.WriteString("l1BlockHash", record.Head?.Hash.ToString());
        json.WriteNumber("games", record.GameCount);
        json.WriteNumber("finished", record.FinishedCount);
        json.WriteNumber("failed", record.FailedCount);
        json.WriteNumber("busy", record.BusyCount);
        json.WriteNumber("highestActedL1Block", record.HighestActedBlock);
        json.WriteString("failure", record.Failure);
    });

    private static void WriteSummary(Utf8JsonWriter json, GameSummary summary)
    {
        Game game = summary.Game;
        WriteFound(json, summary.Found);
        WriteBlock(json, summary.Block);
        json.WriteString("status", game.Status.ToString());
        json.WriteString("forecast", summary.Forecast.ToString());
        json.WriteString("rootClaim", game.Root.Value.ToString());
        json.WriteNumber("l2Block", game.ClaimedBlock);
        json.WriteNumber("startingL2Block", game.StartingBlock);
        json.WriteString("l1Head", game.L1Head.ToString());
        json.WriteNumber("claims", game.Claims.Count);
        json.WriteWei("bondsWei", summary.BondsWei);
        json.WriteNumber("maxClockSeconds", game.Rules.MaxClockSeconds);
        json.WriteNumber("clocksEndAt", summary.ClocksEndAt);
        json.WriteString("blockNumberChallenger", game.BlockNumberChallenger?.ToString());
        WriteJudgement(json, summary.Root);
    }

    private static void WriteClaim(Utf8JsonWriter json, GameSummary summary, Claim claim)
    {
        json.WriteNumber("claim", claim.Index);
        json.WriteNumber("parent", (ulong?)claim.ParentIndex);
        json.WriteNumber("depth", claim.Position.Depth);
        json.WriteString("indexAtDepth", $"{claim.Position.IndexAtDepth}");
        json.WriteString("position", $"{claim.Position.GeneralizedIndex}");
        json.WriteString("value", claim.Value.ToString());
        json.WriteString("claimant", claim.Claimant.ToString());
        json.WriteWei("bondWei", claim.Bond);
        json.WriteString("counteredBy", claim.CounteredBy?.ToString());
        json.WriteBoolean("isResolved", claim.IsResolved);
        json.WriteNumber("madeAt", claim.Clock.TimestampSeconds);
        json.WriteNumber("clockSeconds", claim.Clock.DurationSeconds);
        json.WriteNumber("opponentSeconds", summary.Game.ChallengerSeconds(claim));
        json.WriteNumber("clockEndsAt", summary.Game.ClockEnd(claim));
        WriteJudgement(json, summary.Judgements.GetValueOrDefault(claim.Index));
    }

    private static void WriteFound(Utf8JsonWriter json, FoundGame found)
    {
        json.WriteNumber("index", found.Index);
        json.WriteString("game", found.Address.ToString());
        json.WriteNumber("gameType", found.GameType);
        json.WriteNumber("createdAt", found.CreatedAt);
    }

    private static void WriteBlock(Utf8JsonWriter json, Block block)
    {
        json.WriteNumber("l1Block", block.Number);
        json.WriteString("l1BlockHash", block.Hash.ToString());
        json.WriteNumber("l1Timestamp", block.Timestamp);
    }

    private static void WriteJudgement(Utf8JsonWriter json, Judgement? judgement)
    {
        if (judgement is null)
        {
            json.WriteNull("judgement");
            return;
        }

        json.WriteStartObject("judgement");
        json.WriteString("validity", judgement.Validity.ToString());
        json.WriteString("right", judgement.Right?.ToString());
        json.WriteString("reason", judgement.Reason);
        json.WriteEndObject();
    }

    private static void WriteIntent(Utf8JsonWriter json, PlayerIntent intent)
    {
        json.WriteString("kind", intent.Kind.ToString());
        json.WriteNumber("claim", (ulong?)intent.ClaimIndex);
        json.WriteString("reason", intent.Reason);
        json.WriteString(
            "move", intent.IsAttack is { } isAttack ? isAttack ? "attack" : "defend" : null);
        json.WriteString("value", intent.Value?.ToString());
        json.WriteWei("bondWei", intent.BondWei);
        json.WriteNumber("gas", intent.Gas);
        json.WriteWei("gasCostWei", intent.GasCostWei);
    }

    private static void WriteList<T>(
        Utf8JsonWriter json, string name, IReadOnlyList<T> list, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T each in list)
        {
            json.WriteStartObject();
            write(each);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Write(Action<Utf8JsonWriter> write) => JsonLine.Write(_output, SchemaVersion, write);
}
