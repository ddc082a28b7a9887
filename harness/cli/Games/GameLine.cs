using System.Text.Json.Serialization;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report;

namespace Culverin.Harness.Cli.Games;

/// <summary>A game as the factory has it.</summary>
internal abstract record FoundGameLine(ulong Index, string Game, uint GameType, ulong CreatedAt) : JsonReport
{
    protected FoundGameLine(FoundGame found)
        : this(found.Index, found.Address.ToString(), found.GameType, found.CreatedAt)
    {
    }
}

/// <summary>A game that could not be read, and why.</summary>
internal sealed record UnreadGameLine : FoundGameLine
{
    public UnreadGameLine(FoundGame found, string failure)
        : base(found) => Failure = failure;

    [JsonPropertyOrder(1)]
    public string Failure { get; }
}

/// <summary>How a game stands, and what is known of its root.</summary>
internal record GameLine : FoundGameLine
{
    public GameLine(GameSummary summary)
        : base(summary.Found) => Summary = summary;

    [JsonIgnore]
    public GameSummary Summary { get; }

    [JsonPropertyOrder(1)]
    public ulong L1Block => Summary.Block.Number;

    [JsonPropertyOrder(1)]
    public string L1BlockHash => Summary.Block.Hash.ToString();

    [JsonPropertyOrder(1)]
    public ulong L1Timestamp => Summary.Block.Timestamp;

    [JsonPropertyOrder(1)]
    public string Status => Summary.Game.Status.ToString();

    [JsonPropertyOrder(1)]
    public string Forecast => Summary.Forecast.ToString();

    [JsonPropertyOrder(1)]
    public string RootClaim => Summary.Game.Root.Value.ToString();

    [JsonPropertyOrder(1)]
    public ulong L2Block => Summary.Game.ClaimedBlock;

    [JsonPropertyOrder(1)]
    public ulong StartingL2Block => Summary.Game.StartingBlock;

    [JsonPropertyOrder(1)]
    public string L1Head => Summary.Game.L1Head.ToString();

    [JsonPropertyOrder(1)]
    public int Claims => Summary.Game.Claims.Count;

    [JsonPropertyOrder(1)]
    public string? BondsWei => Digits(Summary.BondsWei);

    [JsonPropertyOrder(1)]
    public ulong MaxClockSeconds => Summary.Game.Rules.MaxClockSeconds;

    [JsonPropertyOrder(1)]
    public ulong? ClocksEndAt => Summary.ClocksEndAt;

    [JsonPropertyOrder(1)]
    public string? BlockNumberChallenger => Summary.Game.BlockNumberChallenger?.ToString();

    [JsonPropertyOrder(1)]
    public JudgementReport? Judgement => JudgementReport.Of(Summary.Root);
}

/// <summary>The same with every claim.</summary>
internal sealed record GameTreeLine : GameLine
{
    public GameTreeLine(GameSummary summary)
        : base(summary)
    {
    }

    [JsonPropertyOrder(2)]
    public IEnumerable<ClaimReport> Tree =>
        Summary.Game.Claims.Select(claim => ClaimReport.Of(Summary, claim));
}
