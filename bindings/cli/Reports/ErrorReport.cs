using System.Text.Json.Serialization;
using Culverin.Execute;

namespace Culverin.Cli.Reports;

/// <summary>Why a command failed. The last three are there for a panic of the guest only.</summary>
internal sealed record ErrorReport(
    string Error,
    int ErrorCode,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Step,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? ProgramCounter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
    : Report("error")
{
    /// <summary>The number of a fault of ours, as the C interface has it (Status.Internal).</summary>
    private const int FaultCode = 66;

    private const string FaultName = "internal";

    /// <summary>Reports an error.</summary>
    public static ErrorReport Of(Exception thrown)
    {
        if (Program.Known(thrown) is not { } error)
        {
            return new ErrorReport(FaultName, FaultCode, Program.FaultSentence(thrown), null, null, null);
        }

        var panic = error as GuestPanicException;
        return new ErrorReport(
            NameOf(error.Code),
            (int)error.Code,
            error.Message,
            panic?.Step,
            panic?.ProgramCounter,
            panic is null ? null : NameOf(panic.Reason));
    }
}
