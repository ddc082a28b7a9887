using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>Shows what a service does; what stays the same is told once.</summary>
/// <param name="view">Where to.</param>
/// <param name="tellsBlocks">Whether every new L1 block is worth telling.</param>
internal sealed class PlayerPrinter(IGameView view, bool tellsBlocks) : IPlayerObserver
{
    private readonly Dictionary<Address, string> _shown = [];
    private string _service = "";

    /// <summary>True while the last round of every game, and the last look at L1, went well.</summary>
    public bool IsWell { get; private set; }

    /// <inheritdoc/>
    public void OnGame(GameRecord record)
    {
        string content = string.Join(
            '\n',
            [
                $"{record.Phase} {record.Failure}",
                .. record.Waits.Select(wait => $"{wait}"),
                .. record.Intents.Select(intent => $"{intent.Kind} {intent.ClaimIndex}"),
                .. record.Unknowns,
                $"{record.Warnings.Count}",
            ]);
        if (record.Actions.Count > 0 || _shown.GetValueOrDefault(record.Address) != content)
        {
            _shown[record.Address] = content;
            view.ShowRecord(record);
        }
    }

    /// <inheritdoc/>
    public void OnWarning(Address game, string text) => view.ShowWarning(game, text);

    /// <inheritdoc/>
    public void OnOracle(OracleRecord record)
    {
        string content = string.Join(
            '\n',
            [
                record.Failure ?? "",
                .. record.Waits.Select(wait => $"{wait}"),
                .. record.Intents.Select(intent => intent.Reason),
                .. record.Warnings,
            ]);
        if (record.Actions.Count > 0 || (_shown.GetValueOrDefault(record.Address) ?? "") != content.Trim())
        {
            _shown[record.Address] = content.Trim();
            view.ShowOracle(record);
        }
    }

    /// <inheritdoc/>
    public void OnService(ServiceRecord record)
    {
        IsWell = record is
        {
            Failure: null, FailedCount: 0, UnknownCount: 0, FailedOracleCount: 0,
        };
        string content = $"{(tellsBlocks ? record.Head?.Number : null)} {record.Failure}";
        if (content != _service)
        {
            _service = content;
            view.ShowService(record);
        }
    }
}
