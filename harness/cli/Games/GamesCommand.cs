using System.CommandLine;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>The verb <c>games</c> and those below it.</summary>
internal static class GamesCommand
{
    private const double PauseSecondsMin = 0.01;
    private const double PauseSecondsMax = 3_600;
    private const int ParallelCountMax = 64;

    private static readonly GameFlags Flags = new();

    private static readonly Argument<string> GameAddress = new("game")
    {
        Description = "the game's address",
    };

    private static readonly Option<ulong> FromBlock = new("--from-block")
    {
        HelpName = "NUMBER",
        Description = "leave out games from before this L1 block (default: the first)",
    };

    private static readonly Option<string?> OnlyGame = new("--game")
    {
        HelpName = "ADDRESS",
        Description = "play this game only",
    };

    private static readonly Option<bool> IsOnce = new("--once")
    {
        Description = "play one round of each game; ends with 1 when a game or a node of either chain failed",
    };

    private static readonly Option<bool> IsDryRun = new("--dry-run")
    {
        Description = "tell what would be sent, why and at what cost, and send nothing",
    };

    private static readonly Option<string[]> Credit = new("--credit")
    {
        HelpName = "ADDRESS",
        Description = "another account to pay out what it won to, such as the proposer's",
    };

    private static readonly Option<ulong?> L1ChainId = new("--l1-chain-id")
    {
        HelpName = "NUMBER",
        Description = "the chain id that L1 must have (default: that of its first node)",
    };

    private static readonly Option<int> Parallel = new("--parallel")
    {
        HelpName = "COUNT",
        Description = "how many games are played at once (default: 4)",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<double> Pause = new("--pause")
    {
        HelpName = "SECONDS",
        Description = "the wait between two looks at L1 (default: 5)",
        DefaultValueFactory = _ => 5,
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Command list = new(
            "list",
            "Lists all games of the factory, and what is known about their roots. Ends with 1 when a node "
            + "failed.")
        {
            FromBlock,
        };
        list.SetAction((flags, cancellation) => RunAsync(flags, ListAsync, cancellation));
        Command show = new("show", "Shows a game's tree of claims; ends with 1 when a node failed.")
        {
            GameAddress,
        };
        show.SetAction((flags, cancellation) => RunAsync(flags, ShowAsync, cancellation));
        Command play = new(
            "play",
            "Plays the honest side of all games, or of one, until it is ended. Exit codes: 0 after --once "
            + "when all went well, 1 when a game or a node of either chain failed, so that something could "
            + "not be known or done, 2 for wrong flags, 130 when interrupted.")
        {
            FromBlock, OnlyGame, IsOnce, IsDryRun, Credit, L1ChainId, Parallel, Pause,
        };
        play.SetAction((flags, cancellation) => RunAsync(flags, PlayAsync, cancellation));
        Command command = new("games", "Lists, shows and plays dispute games.")
        {
            list, show, play,
        };
        Flags.AddTo(command);
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult flags,
        Func<ParseResult, GameSession, IGameView, CancellationToken, Task<int>> run,
        CancellationToken cancellation)
    {
        using GameSession session = new(Flags.Read(flags));
        IGameView view = Flags.IsJson(flags) ? new JsonGameView() : new TextGameView();
        return await run(flags, session, view, cancellation).ConfigureAwait(false);
    }

    private static async Task<int> ListAsync(
        ParseResult flags, GameSession session, IGameView view, CancellationToken cancellation)
    {
        Block head = await session.HeadAsync(cancellation).ConfigureAwait(false);
        ulong from = (await session.Contracts.Factory.Node
            .GetBlockAsync(flags.GetValue(FromBlock), cancellation)
            .ConfigureAwait(false)).Timestamp;
        IReadOnlyList<FoundGame> games = await new GameList(session.Contracts.Factory)
            .ReadAsync(head, cancellation)
            .ConfigureAwait(false);
        bool isWell = true;
        foreach (FoundGame found in games.Where(game => game.CreatedAt >= from))
        {
            try
            {
                GameSummary summary = await GameInquiry
                    .ReadAsync(session, found, head, isWhole: false, cancellation)
                    .ConfigureAwait(false);
                view.ShowGame(summary);
                isWell &= summary.Failures.Count == 0;
            }
            catch (ChainException error)
            {
                // A game of a kind that is not known here must not hide the others.
                view.ShowUnread(found, error.Message);
                isWell &= error is UndecidableException;
            }
        }

        return isWell ? ExitCodes.Success : ExitCodes.Error;
    }

    private static async Task<int> ShowAsync(
        ParseResult flags, GameSession session, IGameView view, CancellationToken cancellation)
    {
        Address address = Address.Parse(flags.GetValue(GameAddress)!);
        Block head = await session.HeadAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<FoundGame> games = await new GameList(session.Contracts.Factory)
            .ReadAsync(head, cancellation)
            .ConfigureAwait(false);
        FoundGame found = games.FirstOrDefault(game => game.Address == address)
            ?? throw new ChainException(
                ChainFailure.BadAnswer, $"The factory has made no game {address}.");
        GameSummary summary = await GameInquiry
            .ReadAsync(session, found, head, isWhole: true, cancellation)
            .ConfigureAwait(false);
        view.ShowTree(summary);
        return summary.Failures.Count == 0 ? ExitCodes.Success : ExitCodes.Error;
    }

    private static async Task<int> PlayAsync(
        ParseResult flags, GameSession session, IGameView view, CancellationToken cancellation)
    {
        PlayerServiceOptions options = new()
        {
            Player = new PlayerOptions
            {
                IsDryRun = flags.GetValue(IsDryRun),
                CreditAccounts = [.. (flags.GetValue(Credit) ?? []).Select(Address.Parse)],
                FurtherNodes = session.FurtherNodes,
                AgreementCount = session.L1AgreementCount,
            },
            OnlyGame = flags.GetValue(OnlyGame) is { } only ? Address.Parse(only) : null,
            FromBlock = flags.GetValue(FromBlock),
            L1ChainId = flags.GetValue(L1ChainId),
            ParallelCountMax = int.Clamp(flags.GetValue(Parallel), 1, ParallelCountMax),
            Pause = TimeSpan.FromSeconds(
                Math.Clamp(flags.GetValue(Pause), PauseSecondsMin, PauseSecondsMax)),
        };
        IGameTraces traces = session.MakeTraces();
        PlayerPrinter printer = new(view, tellsBlocks: view is JsonGameView);
        using PlayerService service = new(
            session.Contracts,
            session.MakeSender(),
            new Dictionary<uint, IGameTraces>
            {
                [GameTypes.Fault] = traces,
                [GameTypes.Permissioned] = traces,
            },
            new PreimageLoader(session.Contracts),
            options,
            printer);
        if (flags.GetValue(IsOnce))
        {
            _ = await service.PlayOnceAsync(cancellation).ConfigureAwait(false);
            return printer.IsWell ? ExitCodes.Success : ExitCodes.Error;
        }

        // Ends by a cancellation only.
        await service.RunAsync(cancellation).ConfigureAwait(false);
        return ExitCodes.Interrupted;
    }
}
