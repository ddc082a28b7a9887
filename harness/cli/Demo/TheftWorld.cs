using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Culverin.Harness.Report;
using Culverin.Harness.Rollup;
using Culverin.Harness.Withdrawals;

namespace Culverin.Harness.Cli.Demo;

/// <summary>
/// The chains and contracts of the story, with production's delays: time moves only as told. The games are
/// less deep than production's: as deep as 1,024 blocks and 2^27 steps need.
/// </summary>
internal sealed class TheftWorld : IAsyncDisposable
{
    private const string PrestateName = "harness/guest/prestate.bin.gz";
    private const string PrestateHashName = "harness/guest/prestate.hash";
    private const int SplitDepth = 10;
    private const int ExecutionDepth = 27;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("culverin-demo-");

    private TheftWorld(ClassicArena arena, Sequencer sequencer)
    {
        Arena = arena;
        Sequencer = sequencer;
        Rollup = arena.RollupConfig();
        Withdrawals = WithdrawalContracts.Of(arena);
        Disputes = DisputeContracts.Of(arena);
    }

    /// <summary>Both chains and all contracts.</summary>
    public ClassicArena Arena { get; }

    /// <summary>What those who follow the L2 agree on.</summary>
    public RollupConfig Rollup { get; }

    /// <summary>Makes L2 blocks.</summary>
    public Sequencer Sequencer { get; }

    /// <summary>The contracts of withdrawals.</summary>
    public WithdrawalContracts Withdrawals { get; }

    /// <summary>The contracts of disputes.</summary>
    public DisputeContracts Disputes { get; }

    /// <summary>L1's node.</summary>
    public EthereumNode L1 => Arena.L1.Node;

    /// <summary>L2's node.</summary>
    public EthereumNode L2 => Arena.L2.Node;

    /// <summary>Everybody in the story.</summary>
    public IReadOnlyList<Actor> Actors =>
    [
        new("user", Arena.Accounts.User.Address, ActorRole.Honest),
        new("proposer", Arena.Accounts.Proposer.Address, ActorRole.Honest),
        new("challenger", Arena.Accounts.Challenger.Address, ActorRole.Honest),
        new("thief", Arena.Accounts.Thief.Address, ActorRole.Dishonest),
        new("depositor", Arena.Accounts.Helper.Address, ActorRole.Neutral),
        new("batcher", Arena.Accounts.Batcher.Address, ActorRole.Neutral),
    ];

    /// <summary>Starts everything. Throws <see cref="CulverinException"/>.</summary>
    public static async Task<TheftWorld> StartAsync(NodePackages packages, CancellationToken cancellation)
    {
        string prestate = await File
            .ReadAllTextAsync(RepositoryFolder.Find(PrestateHashName), cancellation)
            .ConfigureAwait(false);
        ClassicArena arena = await ClassicArena
            .StartAsync(packages, Options(Bytes32.Parse(prestate.Trim())), cancellation)
            .ConfigureAwait(false);
        try
        {
            Sequencer sequencer = await Sequencer
                .StartAsync(arena.L1.Node, arena.L2.Node, arena.RollupConfig(), cancellation)
                .ConfigureAwait(false);
            return new TheftWorld(arena, sequencer);
        }
        catch
        {
            await arena.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How somebody runs the fault-proof program; everybody has files of his own.</summary>
    public ProgramOptions ProgramOf(string actor) => new()
    {
        PrestatePath = RepositoryFolder.Find(PrestateName),
        DataFolder = Path.Combine(_folder.FullName, actor),
    };

    /// <summary>What is right in games, as somebody finds out.</summary>
    public IGameTraces TracesOf(string actor) =>
        ProgramGameTraces.Load(L1, L2, Rollup, ProgramOf(actor));

    /// <summary>Somebody who plays a game by what he takes as right.</summary>
    public Player PlayerOf(ArenaAccount account, Address game, IGameTraces traces) => new(
        Disputes, game, GameTypes.Fault, Arena.OnL1(account), traces, new PreimageLoader(Disputes));

    /// <summary>The game that a creating transaction made.</summary>
    public Contract GameIn(TransactionReceipt receipt)
    {
        AbiEvent created = Disputes.Factory.Abi.Event("DisputeGameCreated");
        LogEntry log = receipt.Logs.First(
            entry => entry.Address == Disputes.Factory.Address && created.Matches(entry));
        return Disputes.Game.At(created.Decode(log)[0].AsAddress());
    }

    /// <summary>A game as it is now.</summary>
    public async Task<Game> ReadAsync(Contract game, CancellationToken cancellation)
    {
        Block head = await L1.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        return await GameReader.ReadAsync(game, head, cancellation).ConfigureAwait(false);
    }

    /// <summary>Wei of an account on L1.</summary>
    public Task<BigInteger> BalanceAsync(Address account, CancellationToken cancellation) =>
        L1.GetBalanceAsync(account, cancellation: cancellation);

    /// <summary>Ends the chains and removes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        Sequencer.Dispose();
        await Arena.DisposeAsync().ConfigureAwait(false);
        _folder.Delete(recursive: true);
    }

    private static ArenaOptions Options(Bytes32 prestate) => new()
    {
        L1BlockSeconds = 12,
        L2BlockSeconds = 36,
        AbsolutePrestate = prestate,
        SplitDepth = SplitDepth,
        MaxGameDepth = SplitDepth + 1 + ExecutionDepth,
        MaxClockSeconds = 302_400,
        ClockExtensionSeconds = 10_800,
        BondDelaySeconds = 604_800,
        ProofMaturitySeconds = 604_800,
        GameFinalitySeconds = 302_400,
    };
}
