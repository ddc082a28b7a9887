using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Culverin.Harness.Cli.Demo;

/// <summary>The whole report as one JSON object at the end, hashes at full length.</summary>
internal sealed class JsonView(Stream stream) : IDemoView
{
    /// <summary>Rises when a field changes its meaning or goes away.</summary>
    private const int SchemaVersion = 1;

    /// <inheritdoc/>
    public void ShowRun(GuestRun run)
    {
    }

    /// <inheritdoc/>
    public void ShowSteps(IReadOnlyList<CheckedStep> steps)
    {
    }

    /// <inheritdoc/>
    public void ShowEnd(DemoReport report)
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
            json.WriteString("report", "demo");
            json.WriteBoolean("agrees", report.Agrees);
            json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
            WriteRun(json, report.Run);
            json.WriteStartArray("steps");
            foreach (CheckedStep step in report.Steps)
            {
                WriteStep(json, step);
            }

            json.WriteEndArray();
            WriteTampering(json, report.Tampering);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
        stream.Flush();
    }

    private static void WriteRun(Utf8JsonWriter json, GuestRun run)
    {
        json.WriteStartObject("run");
        json.WriteString("guest", run.Guest);
        json.WriteNumber("steps", run.Steps);
        json.WriteNumber("pages", run.Pages);
        json.WriteNumber("exitCode", run.ExitCode);
        json.WriteString("finalHash", run.FinalHash.ToString());
        json.WriteNumber("machineSeconds", run.MachineTime.TotalSeconds);
        json.WriteNumber("serverSeconds", run.ServerTime.TotalSeconds);
        json.WriteNumber("serverRequests", run.RequestCount);
        json.WriteNumber("stepsPerSecond", run.StepsPerSecond);
        json.WriteNumber("preimageReads", run.PreimageReads.Count);
        json.WriteString("output", run.Output);
        json.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter json, CheckedStep step)
    {
        json.WriteStartObject();
        json.WriteString("what", step.Proven.What);
        json.WriteString("instruction", step.Proven.Instruction);
        json.WriteNumber("step", step.Proven.Proof.Step);
        json.WriteString("enginePostHash", step.EngineHash.ToString());
        json.WriteString("contractPostHash", step.ContractHash?.ToString());
        json.WriteString("revert", step.Outcome.Revert?.Text);
        json.WriteBoolean("agrees", step.Agrees);
        if (step.Outcome.GasUsed is { } gas)
        {
            json.WriteNumber("gas", gas);
        }
        else
        {
            json.WriteNull("gas");
        }

        json.WriteEndObject();
    }

    private static void WriteTampering(Utf8JsonWriter json, Tampering tampering)
    {
        json.WriteStartObject("tampering");
        json.WriteString("what", tampering.What);
        json.WriteNumber("step", tampering.Step);
        json.WriteNumber("bytePosition", tampering.BytePosition);
        json.WriteString("contract", tampering.ContractAnswer);
        json.WriteString("verifier", tampering.TwinAnswer);
        json.WriteBoolean("isRefused", tampering.IsRefused);
        json.WriteEndObject();
    }
}
