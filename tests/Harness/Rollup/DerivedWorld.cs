using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Values;
using FaultProofProgram = Culverin.Harness.Tests.Host.Guest;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>
/// A classic arena whose L2 lives and follows from L1, which the fault-proof program knows by its id.
/// </summary>
internal sealed class DerivedWorld : IAsyncDisposable
{
    private const ulong WithdrawalGas = 300_000;

    private L2Node? _verifier;

    private DerivedWorld(ClassicArena arena)
    {
        Arena = arena;
    }

    /// <summary>What arenas are started with: games are decided by the program.</summary>
    internal static ArenaOptions Options { get; } =
        ArenaChains.Usual with { AbsolutePrestate = FaultProofProgram.PrestateHash };

    internal ClassicArena Arena { get; }

    internal DerivedL2 L2 => (DerivedL2)Arena.L2;

    internal EthereumNode L1Node => Arena.L1.Node;

    /// <summary>The node that makes the L2's blocks.</summary>
    internal EthereumNode Sequencer => Arena.L2.Node;

    /// <summary>The node that knows what L1 says, up to the last <see cref="PostAsync"/>.</summary>
    internal L2Node Verifier => _verifier!;

    internal static async Task<DerivedWorld> StartAsync(ArenaOptions? options = null)
    {
        DerivedWorld world = new(await ClassicArena.StartAsync(Repository.Packages, options ?? Options));
        world._verifier = await world.L2.VerifierAsync();
        return world;
    }

    /// <summary>Makes L2 blocks until there is one of this number, and returns the newest.</summary>
    internal async Task<Block> ProduceUntilAsync(ulong number)
    {
        ulong newest = await Sequencer.GetBlockNumberAsync();
        if (newest < number)
        {
            await L2.MineAsync((int)(number - newest));
        }

        return await Sequencer.GetBlockAsync(BlockReference.Latest);
    }

    /// <summary>Posts what is not on L1 yet, up to a number or the newest.</summary>
    internal async Task PostAsync(ulong? throughNumber = null)
    {
        await L2.PostAsync(Arena.Accounts.Batcher, throughNumber);
        _verifier = await L2.VerifierAsync();
    }

    /// <summary>Initiates a withdrawal of ether on L2, in a block of its own.</summary>
    internal Task<TransactionReceipt> WithdrawAsync(ArenaAccount account, ulong wei)
    {
        CallRequest request = Arena.Predeploys.MessagePasser.Request(
            account.Address,
            new L2ToL1MessagePasser.InitiateWithdrawalFunction
            {
                Target = account.Address,
                GasLimit = 100_000,
            },
            wei);
        return Arena.OnL2(account).SendAsync(request with { GasLimit = WithdrawalGas });
    }

    /// <summary>Deposits ether on L1.</summary>
    internal Task<TransactionReceipt> DepositAsync(ArenaAccount account, Address to, ulong wei) =>
        Arena.OnL1(account).SendAsync(Arena.Contracts.Portal.Request(
            account.Address,
            new OptimismPortal2.DepositTransactionFunction
            {
                To = to,
                Value = wei,
                GasLimit = 200_000,
                Data = [],
            },
            wei));

    internal Task<Block> L1HeadAsync() => L1Node.GetBlockAsync(BlockReference.Latest);

    internal Task<Block> L2BlockAsync(ulong number) => Sequencer.GetBlockAsync(number);

    internal async Task<Bytes32> OutputAsync(ulong number) =>
        (await OutputRoot.ReadAsync(Sequencer, number)).Hash;

    /// <summary>Right output roots, by the verifier.</summary>
    internal IOutputSource Source() =>
        new SafeOutputs(L1Node, Verifier, Arena.Options.L2ChainId, Arena.AnchorBlock);

    public ValueTask DisposeAsync() => Arena.DisposeAsync();
}
