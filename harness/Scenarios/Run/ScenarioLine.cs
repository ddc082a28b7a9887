using System.Text.Json.Serialization;
using Culverin.Harness.Arenas;
using Culverin.Harness.Report;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>Which variant of which scenario a line is about.</summary>
internal abstract record ScenarioLine(
    [property: JsonIgnore] Scenario Of, [property: JsonIgnore] ScenarioVariant Way) : JsonReport
{
    /// <summary>The scenario's name.</summary>
    [JsonPropertyOrder(-1)]
    public string Scenario => Of.Id;

    /// <summary>The variant's.</summary>
    [JsonPropertyOrder(-1)]
    public string Variant => Way.Name;

    /// <summary>The virtual machine that its games end in.</summary>
    [JsonPropertyOrder(-1)]
    public string Vm => Of.Options(Way).Machine == ArenaMachine.Mips ? "mips32" : "alphabet";
}

/// <summary>What a scenario is.</summary>
internal sealed record ScenarioTitleLine(Scenario Of, ScenarioVariant Way) : ScenarioLine(Of, Way)
{
    /// <summary>What happens, in a few words.</summary>
    public string Title => Of.Title;

    /// <summary>What is shown by it.</summary>
    public string Proves => Of.Proves;
}

/// <summary>How a variant went; the fields are those of <see cref="ScenarioResult"/>.</summary>
internal sealed record ScenarioResultLine(ScenarioResult Result)
    : ScenarioLine(Result.Scenario, Result.Variant)
{
    /// <summary>The whole result.</summary>
    [JsonIgnore]
    public ScenarioResult Result { get; } = Result;

    public string Arena => Result.Arena;

    public string Expected => Result.Expected;

    public string Got => Result.Got;

    public bool Held => Result.Held;

    public string? Failure => Result.Failure;

    public int Expectations => Result.ExpectationCount;

    public IReadOnlyList<string> RulesViolated => Result.Violations;

    public int Transactions => Result.Ledger?.TransactionCount ?? 0;

    public string BondsInWei => Digits(Result.Ledger?.BondsIn ?? 0);

    public string BondsOutWei => Digits(Result.Ledger?.BondsOut ?? 0);

    public string BondsHeldWei => Digits(Result.Ledger?.Held ?? 0);

    public ulong Gas => Result.Ledger?.Gas ?? 0;

    public long WallMilliseconds => (long)Result.Elapsed.TotalMilliseconds;

    public ulong VmSteps => Result.VmSteps;
}
