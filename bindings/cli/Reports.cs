using System;
using System.Text.Json;
using Culverin.Execute;

namespace Culverin.Cli;

/// <summary>What all JSON reports have in common.</summary>
internal static class Reports
{
    /// <summary>Rises when a field changes its meaning or goes away; new fields do not raise it.</summary>
    public const int SchemaVersion = 1;

    /// <summary>0x and lower-case digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>The name of an enumeration's value as reports have it.</summary>
    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>Begins a report with its schema and kind.</summary>
    public static void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("report", kind);
    }

    /// <summary>Writes an error as a report on one line.</summary>
    public static void WriteError(CulverinException error) =>
        StandardOutput.WriteJson(
            json =>
            {
                WriteHead(json, "error");
                json.WriteString("error", CamelCase(error.Code.ToString()));
                json.WriteNumber("errorCode", (int)error.Code);
                json.WriteString("message", error.Message);
                if (error is GuestPanicException panic)
                {
                    json.WriteNumber("step", panic.Step);
                    json.WriteNumber("programCounter", panic.ProgramCounter);
                    json.WriteString("reason", CamelCase(panic.Reason.ToString()));
                }
            },
            isIndented: false);
}
