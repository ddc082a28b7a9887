using Culverin.Harness.Report;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>A <see cref="DemoReport"/> as it stands in JSON.</summary>
internal sealed record DemoJson(
    string Report,
    bool Agrees,
    double Seconds,
    GuestRunJson Run,
    IEnumerable<CheckedStepJson> Steps,
    TamperingJson Tampering) : JsonReport
{
    /// <summary>Tells a report.</summary>
    public static DemoJson Of(DemoReport report) => new(
        "demo",
        report.Agrees,
        report.Elapsed.TotalSeconds,
        GuestRunJson.Of(report.Run),
        report.Steps.Select(CheckedStepJson.Of),
        TamperingJson.Of(report.Tampering));
}

/// <summary>A <see cref="GuestRun"/>.</summary>
internal sealed record GuestRunJson(
    string Guest,
    ulong Steps,
    int Pages,
    byte ExitCode,
    string FinalHash,
    double MachineSeconds,
    double ServerSeconds,
    int ServerRequests,
    double StepsPerSecond,
    int PreimageReads,
    string Output)
{
    /// <summary>Tells a run.</summary>
    public static GuestRunJson Of(GuestRun run) => new(
        run.Guest,
        run.Steps,
        run.Pages,
        run.ExitCode,
        run.FinalHash.ToString(),
        run.MachineTime.TotalSeconds,
        run.ServerTime.TotalSeconds,
        run.RequestCount,
        run.StepsPerSecond,
        run.PreimageReads.Count,
        run.Output);
}

/// <summary>A <see cref="CheckedStep"/>.</summary>
internal sealed record CheckedStepJson(
    string What,
    string Instruction,
    ulong Step,
    string EnginePostHash,
    string? ContractPostHash,
    string? Revert,
    bool Agrees,
    ulong? Gas)
{
    /// <summary>Tells a step.</summary>
    public static CheckedStepJson Of(CheckedStep step) => new(
        step.Proven.What,
        step.Proven.Instruction,
        step.Proven.Proof.Step,
        step.EngineHash.ToString(),
        step.ContractHash?.ToString(),
        step.Outcome.Revert?.Text,
        step.Agrees,
        step.Outcome.GasUsed);
}

/// <summary>A <see cref="Steps.Tampering"/>.</summary>
internal sealed record TamperingJson(
    string What, ulong Step, int BytePosition, string Contract, string Verifier, bool IsRefused)
{
    /// <summary>Tells what became of the wrong proof.</summary>
    public static TamperingJson Of(Tampering tampering) => new(
        tampering.What,
        tampering.Step,
        tampering.BytePosition,
        tampering.ContractAnswer,
        tampering.TwinAnswer,
        tampering.IsRefused);
}
