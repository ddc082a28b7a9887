using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Report;

/// <summary>
/// A story as one JSON object, for programs. Amounts are wei as decimal text, times seconds since 1970,
/// hashes and addresses hexadecimal at full length.
/// </summary>
public static class StoryJson
{
    /// <summary>Rises when a field changes its meaning or goes away.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the object to a stream, and a line end.</summary>
    public static void Write(Story story, Stream stream)
    {
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("title", story.Title);
            json.WriteString("summary", story.Summary);
            json.WriteBoolean("held", story.Held);
            WriteExpectations(json, story);
            WriteFacts(json, [.. story.Figures, .. story.Facts]);
            WriteActors(json, story);
            WriteTimeline(json, story);
            WriteWithdrawals(json, story);
            json.WriteStartArray("games");
            foreach (GameStory game in story.Games)
            {
                WriteGame(json, game);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
        stream.Flush();
    }

    private static void WriteExpectations(Utf8JsonWriter json, Story story)
    {
        json.WriteStartArray("expectations");
        foreach (Expectation expectation in story.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("text", expectation.Text);
            json.WriteBoolean("held", expectation.Held);
            json.WriteString("got", expectation.Got);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, IEnumerable<StoryFact> facts)
    {
        json.WriteStartArray("facts");
        foreach (StoryFact fact in facts)
        {
            json.WriteStartObject();
            json.WriteString("name", fact.Name);
            json.WriteString("value", fact.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteActors(Utf8JsonWriter json, Story story)
    {
        json.WriteStartArray("actors");
        foreach (Actor actor in story.Actors)
        {
            json.WriteStartObject();
            json.WriteString("name", actor.Name);
            json.WriteString("address", actor.Address.ToString());
            json.WriteString("role", actor.Role.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTimeline(Utf8JsonWriter json, Story story)
    {
        json.WriteStartArray("timeline");
        foreach (TimelineEntry entry in story.Timeline)
        {
            json.WriteStartObject();
            json.WriteString("chapter", entry.Chapter);
            json.WriteString("chain", entry.Chain.ToString());
            WriteNumber(json, "block", entry.BlockNumber);
            json.WriteNumber("timestamp", entry.TimestampSeconds);
            json.WriteString("actor", entry.Actor);
            json.WriteString("kind", entry.Kind.ToString());
            json.WriteString("text", entry.Text);
            json.WriteString("detail", entry.Detail);
            json.WriteString("transaction", entry.Transaction?.ToString());
            WriteNumber(json, "gas", entry.Gas);
            json.WriteString("amountWei", entry.AmountWei is { } wei ? Decimal(wei) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWithdrawals(Utf8JsonWriter json, Story story)
    {
        json.WriteStartArray("withdrawals");
        foreach (WithdrawalStory withdrawal in story.Withdrawals)
        {
            json.WriteStartObject();
            json.WriteString("name", withdrawal.Name);
            json.WriteString("actor", withdrawal.Actor);
            json.WriteString("hash", withdrawal.Hash.ToString());
            json.WriteString("amountWei", Decimal(withdrawal.AmountWei));
            json.WriteNumber("l2Block", withdrawal.BlockNumber);
            json.WriteString("end", withdrawal.End.ToString());
            json.WriteString("endText", withdrawal.EndText);
            json.WriteStartArray("milestones");
            foreach (Milestone milestone in withdrawal.Milestones)
            {
                json.WriteStartObject();
                json.WriteString("name", milestone.Name);
                json.WriteNumber("timestamp", milestone.TimestampSeconds);
                json.WriteString("text", milestone.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteGame(Utf8JsonWriter json, GameStory told)
    {
        Game game = told.Game;
        json.WriteStartObject();
        json.WriteString("name", told.Name);
        json.WriteString("address", told.Address.ToString());
        json.WriteNumber("createdAt", told.CreatedAt);
        json.WriteString("status", game.Status.ToString());
        json.WriteNumber("claimedBlock", game.ClaimedBlock);
        json.WriteNumber("startingBlock", game.StartingBlock);
        json.WriteNumber("maxDepth", game.Rules.MaxDepth);
        json.WriteNumber("splitDepth", game.Rules.SplitDepth);
        json.WriteStartArray("claims");
        foreach (Claim claim in game.Claims)
        {
            WriteClaim(json, told, claim);
        }

        json.WriteEndArray();
        WriteStep(json, told.Step);
        WriteLedger(json, "deposits", told.Deposits);
        WriteLedger(json, "payments", told.Payments);
        json.WriteEndObject();
    }

    private static void WriteClaim(Utf8JsonWriter json, GameStory told, Claim claim)
    {
        json.WriteStartObject();
        json.WriteNumber("index", claim.Index);
        WriteNumber(json, "parent", (ulong?)claim.ParentIndex);
        json.WriteString("position", Decimal((BigInteger)claim.Position.GeneralizedIndex));
        json.WriteNumber("depth", claim.Position.Depth);
        json.WriteString(
            "traceIndex", Decimal((BigInteger)claim.Position.TraceIndex(told.Game.Rules.MaxDepth)));
        json.WriteString("value", claim.Value.ToString());
        if (told.Truths.ElementAtOrDefault(claim.Index) is { } isRight)
        {
            json.WriteBoolean("isRight", isRight);
        }
        else
        {
            json.WriteNull("isRight");
        }

        json.WriteString("claimant", claim.Claimant.ToString());
        json.WriteString("bondWei", Decimal(claim.Bond));
        json.WriteNumber("clockSeconds", claim.Clock.DurationSeconds);
        json.WriteNumber("timestamp", claim.Clock.TimestampSeconds);
        json.WriteString("counteredBy", claim.CounteredBy?.ToString());
        json.WriteBoolean("isResolved", claim.IsResolved);
        TransactionFacts? sent = told.Transactions.ElementAtOrDefault(claim.Index);
        json.WriteString("transaction", sent?.Hash.ToString());
        WriteNumber(json, "gas", sent?.Gas);
        json.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter json, StepStory? step)
    {
        if (step is null)
        {
            json.WriteNull("step");
            return;
        }

        json.WriteStartObject("step");
        json.WriteString("actor", step.Actor);
        json.WriteNumber("claim", step.ClaimIndex);
        json.WriteBoolean("isAttack", step.IsAttack);
        json.WriteNumber("step", step.StepNumber);
        json.WriteNumber("runSteps", step.RunSteps);
        json.WriteString("instruction", step.Instruction);
        json.WriteString("before", step.Before.ToString());
        json.WriteString("after", step.After.ToString());
        json.WriteString("claimed", step.Claimed.ToString());
        json.WriteString("preimage", step.Preimage);
        json.WriteString("transaction", step.Transaction.Hash.ToString());
        json.WriteNumber("gas", step.Transaction.Gas);
        json.WriteEndObject();
    }

    private static void WriteLedger(
        Utf8JsonWriter json, string name, IReadOnlyDictionary<Address, BigInteger> amounts)
    {
        json.WriteStartObject(name);
        foreach ((Address account, BigInteger wei) in amounts)
        {
            json.WriteString(account.ToString(), Decimal(wei));
        }

        json.WriteEndObject();
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

    private static string Decimal(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
