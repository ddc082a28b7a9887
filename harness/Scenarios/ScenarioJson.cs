using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Culverin.Harness.Arenas;

namespace Culverin.Harness.Scenarios;

/// <summary>Scenarios and their results as JSON, one object a line. Wei are digits in texts.</summary>
public static class ScenarioJson
{
    // Rises when a field changes its meaning or goes away.
    private const int SchemaVersion = 1;

    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result, without a line's end.</summary>
    public static string Line(ScenarioResult result)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Options))
        {
            WriteStart(json, result.Scenario, result.Variant);
            json.WriteString("arena", result.Arena);
            json.WriteString("expected", result.Expected);
            json.WriteString("got", result.Got);
            json.WriteBoolean("held", result.Held);
            json.WriteString("failure", result.Failure);
            json.WriteNumber("expectations", result.ExpectationCount);
            json.WriteStartArray("rulesViolated");
            foreach (string rule in result.Violations)
            {
                json.WriteStringValue(rule);
            }

            json.WriteEndArray();
            WriteLedger(json, result.Ledger);
            json.WriteNumber("wallMilliseconds", (long)result.Elapsed.TotalMilliseconds);
            json.WriteNumber("vmSteps", result.VmSteps);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.ToArray());
    }

    /// <summary>What a scenario is, without a line's end.</summary>
    public static string Line(Scenario scenario, ScenarioVariant variant)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Options))
        {
            WriteStart(json, scenario, variant);
            json.WriteString("title", scenario.Title);
            json.WriteString("proves", scenario.Proves);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.ToArray());
    }

    private static void WriteStart(Utf8JsonWriter json, Scenario scenario, ScenarioVariant variant)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("scenario", scenario.Id);
        json.WriteString("variant", variant.Name);
        json.WriteString(
            "vm", scenario.Options(variant).Machine == ArenaMachine.Mips ? "mips32" : "alphabet");
    }

    private static void WriteLedger(Utf8JsonWriter json, L1Ledger? ledger)
    {
        json.WriteNumber("transactions", ledger?.TransactionCount ?? 0);
        json.WriteString("bondsInWei", Text(ledger?.BondsIn));
        json.WriteString("bondsOutWei", Text(ledger?.BondsOut));
        json.WriteString("bondsHeldWei", Text(ledger?.Held));
        json.WriteNumber("gas", ledger?.Gas ?? 0);
    }

    private static string Text(BigInteger? wei) =>
        (wei ?? 0).ToString(CultureInfo.InvariantCulture);
}
