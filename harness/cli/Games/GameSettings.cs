using Culverin.Harness.Arenas;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>The flags that all verbs about games share.</summary>
internal sealed record GameSettings
{
    /// <summary>Nodes of L1; transactions go to the first.</summary>
    public required IReadOnlyList<Uri> L1 { get; init; }

    /// <summary>Nodes of L2; none where nothing is judged.</summary>
    public required IReadOnlyList<Uri> L2 { get; init; }

    /// <summary>Nodes that derive the L2; none where nothing is judged.</summary>
    public required IReadOnlyList<Uri> RollupNodes { get; init; }

    /// <summary>The DisputeGameFactory on L1.</summary>
    public required Address Factory { get; init; }

    /// <summary>The L2's rollup.json; null where nothing is judged.</summary>
    public string? RollupFile { get; init; }

    /// <summary>The first state of the fault-proof program; null where it is not run.</summary>
    public string? PrestateFile { get; init; }

    /// <summary>Where the program's runs are kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The machine that decides games.</summary>
    public ArenaMachine Machine { get; init; }

    /// <summary>How many nodes must say the same; null for all.</summary>
    public int? AgreementCount { get; init; }

    /// <summary>The account that plays.</summary>
    public required AccountSettings Account { get; init; }
}
