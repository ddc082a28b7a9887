using System.Text.Json.Serialization;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Cli.Games;
using Culverin.Harness.Cli.Programs;
using Culverin.Harness.Cli.Withdrawals;
using Culverin.Harness.Report;

namespace Culverin.Harness.Cli;

/// <summary>How this program's reports become JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BlockLine))]
[JsonSerializable(typeof(DemoJson))]
[JsonSerializable(typeof(FaultProofLine))]
[JsonSerializable(typeof(GameLine))]
[JsonSerializable(typeof(GameRecordLine))]
[JsonSerializable(typeof(GameTreeLine))]
[JsonSerializable(typeof(OracleLine))]
[JsonSerializable(typeof(ServiceLine))]
[JsonSerializable(typeof(UnreadGameLine))]
[JsonSerializable(typeof(WarningLine))]
[JsonSerializable(typeof(WithdrawalFailureLine))]
[JsonSerializable(typeof(WithdrawalLine))]
internal sealed partial class ReportContext : JsonSerializerContext
{
    /// <summary>Each on one line.</summary>
    public static ReportContext Lines { get; } = new(ReportJson.Options(isIndented: false));

    /// <summary>Each on lines of its own.</summary>
    public static ReportContext Indented { get; } = new(ReportJson.Options(isIndented: true));
}
