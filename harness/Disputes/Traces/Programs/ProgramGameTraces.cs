using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>
/// What is right in games that the fault-proof program decides, from an L1 and an L2 node. Each game has a
/// folder of its own. May be used from several threads at once.
/// </summary>
public sealed class ProgramGameTraces : IGameTraces
{
    private const string GamePrefix = "game-";

    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly ProgramOptions _options;
    private readonly Func<Game, IOutputSource> _outputs;
    private ulong _knownSteps;

    private ProgramGameTraces(
        EthereumNode l1,
        EthereumNode l2,
        ulong l2ChainId,
        ProgramOptions options,
        Func<Game, IOutputSource> outputs,
        Bytes32 prestate)
    {
        _l1 = l1;
        _l2 = l2;
        L2ChainId = l2ChainId;
        _options = options;
        _outputs = outputs;
        Prestate = prestate;
    }

    /// <inheritdoc/>
    public Bytes32 Prestate { get; }

    /// <inheritdoc/>
    public ulong L2ChainId { get; }

    /// <summary>
    /// Steps of the runs of all games that were closed, as far as they were known; see <see
    /// cref="ProgramTraces.KnownSteps"/>.
    /// </summary>
    public ulong KnownSteps => Interlocked.Read(ref _knownSteps);

    /// <summary>Reads the program's first state; the nodes stay the caller's.</summary>
    /// <param name="l1">The L1.</param>
    /// <param name="l2">The L2, with the state of the blocks in question.</param>
    /// <param name="l2ChainId">The L2's chain id.</param>
    /// <param name="options">
    /// How the program is run for each game; the folder is the one above all games' folders.
    /// </param>
    /// <param name="outputs">
    /// Makes the source of a game's output roots, such as one that asks several nodes.
    /// </param>
    /// <exception cref="CulverinException">The state file is missing or damaged.</exception>
    public static ProgramGameTraces Load(
        EthereumNode l1,
        EthereumNode l2,
        ulong l2ChainId,
        ProgramOptions options,
        Func<Game, IOutputSource> outputs)
    {
        options.Validate();
        Bytes32 prestate = new(options.Engine.PrestateHash(options.PrestatePath));
        return new ProgramGameTraces(l1, l2, l2ChainId, options, outputs, prestate);
    }

    /// <inheritdoc/>
    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default)
    {
        RemoveOldGames();
        string folder = Path.Combine(_options.DataFolder, GamePrefix + game.Address);
        OutputTrace outputs = new(_outputs(game), game);
        ProgramTraces states = new(game, outputs, _l1, _l2, _options with { DataFolder = folder });
        return Task.FromResult(
            new OpenTrace(new GameTrace(outputs, states), states, new StepCounter(this, states)));
    }

    // What is removed can be made again: it only costs time.
    private void RemoveOldGames()
    {
        try
        {
            DirectoryInfo[] games =
            [
                .. Directory.CreateDirectory(_options.DataFolder)
                    .GetDirectories(GamePrefix + "*")
                    .OrderBy(folder => folder.LastWriteTimeUtc),
            ];
            foreach (DirectoryInfo game in games.SkipLast(_options.KeptGamesMax - 1))
            {
                _ = ProgramTraces.TryRemove(game.FullName);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"The runs of old games in \"{_options.DataFolder}\" cannot be removed: {error.Message}",
                error);
        }
    }

    // Counts once, however often it is disposed of.
    private sealed class StepCounter(ProgramGameTraces owner, ProgramTraces states) : IDisposable
    {
        private bool _isCounted;

        public void Dispose()
        {
            if (!_isCounted)
            {
                _isCounted = true;
                _ = Interlocked.Add(ref owner._knownSteps, states.KnownSteps);
            }
        }
    }
}
