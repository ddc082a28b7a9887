using System.Collections.Generic;
using System.Linq;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

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
                $"{record.Warnings.Count}",
            ]);
        if (record.Deeds.Count > 0 || _shown.GetValueOrDefault(record.Address) != content)
        {
            _shown[record.Address] = content;
            view.ShowRecord(record);
        }
    }

    /// <inheritdoc/>
    public void OnService(ServiceRecord record)
    {
        IsWell = record is { Failure: null, FailedCount: 0 };
        string content = $"{(tellsBlocks ? record.Head?.Number : null)} {record.Failure}";
        if (content != _service)
        {
            _service = content;
            view.ShowService(record);
        }
    }
}
