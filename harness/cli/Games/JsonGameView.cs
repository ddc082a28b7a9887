using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>One JSON object on each line of standard output.</summary>
internal sealed class JsonGameView : IGameView
{
    private readonly TextWriter _output = Console.Out;

    /// <inheritdoc/>
    public void ShowGame(GameSummary summary) => JsonLine.Write(_output, new GameLine(summary));

    /// <inheritdoc/>
    public void ShowUnread(FoundGame found, string failure) =>
        JsonLine.Write(_output, new UnreadGameLine(found, failure));

    /// <inheritdoc/>
    public void ShowTree(GameSummary summary) => JsonLine.Write(_output, new GameTreeLine(summary));

    /// <inheritdoc/>
    public void ShowRecord(GameRecord record) => JsonLine.Write(_output, new GameRecordLine(record));

    /// <inheritdoc/>
    public void ShowWarning(Address game, string text) =>
        JsonLine.Write(_output, new WarningLine(game, text));

    /// <inheritdoc/>
    public void ShowOracle(OracleRecord record) => JsonLine.Write(_output, new OracleLine(record));

    /// <inheritdoc/>
    public void ShowService(ServiceRecord record) => JsonLine.Write(_output, new ServiceLine(record));
}
