using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Local;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Versions;
using FaultProofProgram = Culverin.Harness.Host.FaultProofProgram;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// The chains and contracts of the story, with production's delays: time moves only as told. Games have one
/// level less than production's, so that it is the challenger who has the last step executed.
/// </summary>
internal sealed class TheftWorld : IAsyncDisposable
{
    private const StateVersion Version = StateVersion.SingleThreaded;
    private const int SplitDepth = 30;
    private const int MaxGameDepth = 72;

    // An L2 block is never further ahead of the L1 block that it belongs to than half of what is allowed.
    private const int BlocksWithoutL1 = 25;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("culverin-demo-");

    private TheftWorld(IArena arena, L2Node verifier)
    {
        Arena = arena;
        Verifier = verifier;
        Prestate = FaultProofProgram.WritePrestate(Version, _folder.FullName);
        Rollup = arena.RollupConfig();
        Withdrawals = WithdrawalContracts.Of(arena);
        Disputes = DisputeContracts.Of(arena);
    }

    /// <summary>Both chains and all contracts.</summary>
    public IArena Arena { get; }

    /// <summary>What those who follow the L2 agree on.</summary>
    public RollupConfig Rollup { get; }

    /// <summary>The L2's sequencer, batcher and proposer.</summary>
    public DerivedL2 Rig => (DerivedL2)Arena.L2;

    /// <summary>The node of those who are honest: it knows L1 only.</summary>
    public L2Node Verifier { get; }

    /// <summary>The file with the program's first state.</summary>
    public string Prestate { get; }

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
        IArena arena = await new ClassicArenaStarter()
            .StartAsync(packages, Options(), cancellation)
            .ConfigureAwait(false);
        try
        {
            L2Node verifier =
                await ((DerivedL2)arena.L2).VerifierAsync(cancellation).ConfigureAwait(false);
            return new TheftWorld(arena, verifier);
        }
        catch
        {
            await arena.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes L2 blocks up to a number; L1's time goes along.</summary>
    public async Task ProduceUntilAsync(ulong number, CancellationToken cancellation)
    {
        Block newest = await L2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        while (newest.Number < number)
        {
            int count = (int)ulong.Min(number - newest.Number, BlocksWithoutL1);
            await Rig.MineAsync(count, cancellation).ConfigureAwait(false);
            newest = await L2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
            Block head = await L1
                .GetBlockAsync(BlockReference.Latest, cancellation)
                .ConfigureAwait(false);
            if (head.Timestamp < newest.Timestamp)
            {
                await Arena.L1.AdvanceToAsync(newest.Timestamp, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Right output roots, as those find out who are honest.</summary>
    public IOutputSource Outputs() => new SafeOutputs(L1, Verifier, Rollup.L2ChainId, Arena.AnchorBlock);

    /// <summary>How somebody runs the fault-proof program; everybody has files of his own.</summary>
    public ProgramOptions ProgramOf(string actor) => new()
    {
        PrestatePath = Prestate,
        DataFolder = Path.Combine(_folder.FullName, actor),
    };

    /// <summary>What is right in games, as somebody finds out.</summary>
    public IGameTraces TracesOf(string actor) =>
        ProgramGameTraces.Load(L1, Verifier.Node, Rollup.L2ChainId, ProgramOf(actor), _ => Outputs());

    /// <summary>Somebody who plays a game by what he takes as right.</summary>
    public GamePlayer PlayerOf(ArenaAccount account, Address game, IGameTraces traces) => new(
        Disputes, game, GameTypes.Fault, Arena.OnL1(account), traces, new PreimageLoader(Disputes));

    /// <summary>The game that a creating transaction made.</summary>
    public Contract GameIn(TransactionReceipt receipt)
    {
        LogEntry log = receipt.Logs.First(entry => entry.Address == Disputes.Factory.Address
            && ContractCodec.Matches<DisputeGameFactory.DisputeGameCreatedEvent>(entry));
        return Disputes.Game.At(
            ContractCodec.DecodeEvent<DisputeGameFactory.DisputeGameCreatedEvent>(log).DisputeProxy);
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
        await Arena.DisposeAsync().ConfigureAwait(false);
        _folder.Delete(recursive: true);
    }

    private static ArenaOptions Options() => ArenaChains.Slow with
    {
        AbsolutePrestate = FaultProofProgram.PrestateHash(Version),
        SplitDepth = SplitDepth,
        MaxGameDepth = MaxGameDepth,
        MaxClockSeconds = 302_400,
        ClockExtensionSeconds = 10_800,
        BondDelaySeconds = 604_800,
        ProofMaturitySeconds = 604_800,
        GameFinalitySeconds = 302_400,
    };
}
