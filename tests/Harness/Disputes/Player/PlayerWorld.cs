using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Disputes.Solver;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// An arena in which output roots are hashes of block numbers, with players and a thief who contradicts
/// them.
/// </summary>
internal sealed class PlayerWorld(ClassicArena arena) : IOutputSource
{
    internal const ulong ClaimedBlock = 4;
    private const int RoundsMax = 60;

    /// <summary>The arena.</summary>
    internal ClassicArena Arena => arena;

    /// <summary>How many blocks too far this source of outputs looks.</summary>
    internal ulong OutputShift { get; set; }

    /// <summary>While set, nothing is known about outputs.</summary>
    internal string? Silence { get; set; }

    internal static Bytes32 Forgery { get; } = Bytes32.Keccak256("forged"u8);

    internal static Bytes32 Poison { get; } = Bytes32.Keccak256("poison"u8);

    internal ArenaAccount Challenger => arena.Accounts.Challenger;

    internal static async Task<PlayerWorld> StartAsync(PlayerFixture fixture) =>
        new(await fixture.FreshAsync());

    public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
        Silence is null
            ? Task.FromResult(ToyWorld.Output(block + OutputShift))
            : throw new ChainException(ChainFailure.Unreachable, Silence);

    public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
        Task.FromResult(ClaimedBlock);

    internal IGameTraces Traces(int letter = PlayerFixture.Letter) =>
        new AlphabetGameTraces(letter, arena.Options.L2ChainId, _ => this);

    /// <summary>The proposer's game about a root.</summary>
    internal Task<GameClient> ProposeAsync(Bytes32 root, uint type = GameTypes.Fault) =>
        GameClient.CreateAsync(
            arena.Contracts.Factory,
            arena.Contracts.FaultGame,
            arena.OnL1(arena.Accounts.Proposer),
            new GameProposal(type, root, ClaimedBlock));

    /// <summary>
    /// A player with the challenger's account, over the arena's node, unless others are named.
    /// </summary>
    internal GamePlayer PlayerOf(
        GameClient game,
        PlayerOptions? options = null,
        EthereumNode? node = null,
        IGameTraces? traces = null,
        IPreimageLoader? preimages = null,
        uint type = GameTypes.Fault,
        TimeProvider? clock = null,
        ArenaAccount? account = null)
    {
        account ??= Challenger;
        DisputeContracts contracts = DisputeContracts.Of(arena);
        return new GamePlayer(
            node is null ? contracts : contracts.On(node),
            game.Contract.Address,
            type,
            node is null ? arena.OnL1(account) : SenderOf(account, node),
            traces ?? Traces(),
            preimages ?? new PreimageLoader(contracts),
            options,
            clock);
    }

    /// <summary>A sender of its own, as another process would have.</summary>
    internal static TransactionSender SenderOf(ArenaAccount account, EthereumNode node) =>
        new(node, account.Signer, new TransactionSenderOptions
        {
            ReceiptPollDelay = TimeSpan.FromMilliseconds(5),
            ResubmitDelay = TimeSpan.FromMilliseconds(300),
        });

    internal Task<Block> HeadAsync() => arena.L1.Node.GetBlockAsync(BlockReference.Latest);

    internal async Task<GameRecord> RoundAsync(GamePlayer player) =>
        await player.PlayAsync(await HeadAsync());

    /// <summary>How many transactions an account has made.</summary>
    internal Task<ulong> CountAsync(ArenaAccount account) => arena.L1.Node.GetNonceAsync(account.Address);

    /// <summary>The thief contradicts the last claim, if there is room and it is not his.</summary>
    internal async Task ContradictAsync(GameClient game)
    {
        Game state = await game.ReadAsync();
        Claim last = state.Claims[^1];
        GameClient thief = new(game.Contract, arena.OnL1(arena.Accounts.Thief));
        if (last.Position.Depth == state.Rules.MaxDepth || last.Claimant == thief.Account)
        {
            return;
        }

        Bytes32 junk = Bytes32.FromInteger((BigInteger.One << 248) + last.Index);
        _ = await thief.AttackAsync(last, junk, state.Rules.Bonds[last.Position.Depth + 1]);
    }

    /// <summary>Plays rounds, with the thief's answers, until the player has nothing more to do.</summary>
    internal async Task<GameRecord> PlayOutAsync(GameClient game, GamePlayer player)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            GameRecord record = await RoundAsync(player);
            Assert.True(record.Failure is null, record.Failure);
            if (record.Phase == PlayerPhase.Finished)
            {
                return record;
            }

            if (record.Actions.Count == 0 && record.Waits.Max(wait => wait.Until) is { } until)
            {
                await arena.L1.AdvanceToAsync(until);
            }
            else if (record.Game!.Claims.All(claim => !claim.IsResolved))
            {
                await ContradictAsync(game);
            }
        }

        throw new TimeoutException("The game does not end.");
    }

    /// <summary>Fails when two claims of a game are the same.</summary>
    internal static void AssertNoDouble(Game game) =>
        Assert.Equal(
            game.Claims.Count,
            game.Claims.Select(claim => (claim.ParentIndex, claim.Position, claim.Value)).Distinct().Count());
}
