using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>Reports of the analyser as JSON.</summary>
public static class AnalysisJson
{
    /// <summary>Reports of a program, in the order of versions, as one object.</summary>
    public static string Write(IReadOnlyList<AnalysisReport> reports)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            WriteMembers(json, reports);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Writes them as members of an object that the caller has begun.</summary>
    public static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<AnalysisReport> reports)
    {
        json.WritePropertyName("oldestVersion");
        WriteOldest(json, reports.FirstOrDefault(report => report.Verdict == Verdict.Runs));
        json.WriteStartArray("versions");
        foreach (AnalysisReport report in reports)
        {
            WriteVersion(json, report);
        }

        json.WriteEndArray();
        WriteStrings(json, "limits", AnalysisReport.Limits);
    }

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void WriteOldest(Utf8JsonWriter json, AnalysisReport? oldest)
    {
        if (oldest is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        WriteName(json, oldest);
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, AnalysisReport report)
    {
        json.WriteNumber("stateVersion", (byte)report.Version);
        json.WriteString("type", FeatureSet.Of(report.Version).Name);
    }

    private static void WriteVersion(Utf8JsonWriter json, AnalysisReport report)
    {
        json.WriteStartObject();
        WriteName(json, report);
        json.WriteString("verdict", CamelCase(report.Verdict.ToString()));
        WriteStrings(json, "reasons", report.Reasons);
        json.WriteString("goVersion", report.GoVersion);
        json.WriteNumber("functions", report.FunctionCount);
        json.WriteNumber("instructionCount", report.InstructionCount);
        json.WriteStartArray("instructions");
        foreach (InstructionFinding finding in report.Instructions)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            WriteEffect(json, finding.Effect, finding.Explanation);
            WritePlaces(json, finding.Count, finding.Reach, finding.Places);
        }

        json.WriteEndArray();
        json.WriteStartArray("syscalls");
        foreach (SyscallFinding finding in report.Syscalls)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            if (finding.Number is { } number)
            {
                json.WriteNumber("number", number);
            }

            WriteEffect(json, finding.Effect, finding.Explanation);
            WritePlaces(json, finding.Count, finding.Reach, finding.Places);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEffect(Utf8JsonWriter json, FindingEffect effect, string explanation)
    {
        json.WriteString("effect", CamelCase(effect.ToString()));
        json.WriteString("explanation", explanation);
    }

    /// <summary>Writes the places and ends the finding.</summary>
    private static void WritePlaces(
        Utf8JsonWriter json, int count, CodeReach reach, IReadOnlyList<CodePlace> places)
    {
        json.WriteNumber("count", count);
        json.WriteString("reach", CamelCase(reach.ToString()));
        json.WriteStartArray("places");
        foreach (CodePlace place in places)
        {
            json.WriteStartObject();
            json.WriteNumber("address", place.Address);
            json.WriteString("function", place.Function);
            json.WriteString("reach", CamelCase(place.Reach.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
