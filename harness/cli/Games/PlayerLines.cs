using System.Globalization;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Report;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>A round of a game.</summary>
internal sealed record GameRecordLine : RoundLine
{
    public GameRecordLine(GameRecord record)
        : base(record.Actions, record.Intents, record.Waits, record.Warnings, record.Failure)
    {
        Game = record.Address.ToString();
        GameType = record.GameType;
        L1Block = record.L1Block.Number;
        L1BlockHash = record.L1Block.Hash.ToString();
        L1Timestamp = record.L1Block.Timestamp;
        Phase = record.Phase.ToString();
        Status = record.Game?.Status.ToString();
        Claims = record.Game?.Claims.Count;
        Judgement = JudgementReport.Of(record.Root);
        StepsNeeded = record.Need?.Steps;
        StepPositions = record.Need?.Positions.ToString(CultureInfo.InvariantCulture);
        Unknowns = record.Unknowns;
    }

    public string Event { get; } = "game";

    public string Game { get; }

    public uint GameType { get; }

    public ulong L1Block { get; }

    public string L1BlockHash { get; }

    public ulong L1Timestamp { get; }

    public string Phase { get; }

    public string? Status { get; }

    public int? Claims { get; }

    public JudgementReport? Judgement { get; }

    public ulong? StepsNeeded { get; }

    public string? StepPositions { get; }

    public IReadOnlyList<string> Unknowns { get; }
}

/// <summary>A round of the watch over a pre-image oracle.</summary>
internal sealed record OracleLine : RoundLine
{
    public OracleLine(OracleRecord record)
        : base(record.Actions, record.Intents, record.Waits, record.Warnings, record.Failure)
    {
        Oracle = record.Address.ToString();
        L1Block = record.L1Block.Number;
        L1BlockHash = record.L1Block.Hash.ToString();
        L1Timestamp = record.L1Block.Timestamp;
        Proposals = record.ProposalCount;
    }

    public string Event { get; } = "oracle";

    public string Oracle { get; }

    public ulong L1Block { get; }

    public string L1BlockHash { get; }

    public ulong L1Timestamp { get; }

    public int Proposals { get; }
}

/// <summary>A warning that does not wait for the end of its round.</summary>
internal sealed record WarningLine(string Event, string Game, string Warning) : JsonReport
{
    public WarningLine(Address game, string text)
        : this("warning", game.ToString(), text)
    {
    }
}

/// <summary>A round of all games.</summary>
internal sealed record ServiceLine : JsonReport
{
    public ServiceLine(ServiceRecord record)
    {
        L1Block = record.Head?.Number;
        L1BlockHash = record.Head?.Hash.ToString();
        Games = record.GameCount;
        Finished = record.FinishedCount;
        Failed = record.FailedCount;
        Unknown = record.UnknownCount;
        FailedOracles = record.FailedOracleCount;
        Busy = record.BusyCount;
        HighestActedL1Block = record.HighestActedBlock;
        Failure = record.Failure;
    }

    public string Event { get; } = "service";

    public ulong? L1Block { get; }

    public string? L1BlockHash { get; }

    public int Games { get; }

    public int Finished { get; }

    public int Failed { get; }

    public int Unknown { get; }

    public int FailedOracles { get; }

    public int Busy { get; }

    public ulong? HighestActedL1Block { get; }

    public string? Failure { get; }
}
