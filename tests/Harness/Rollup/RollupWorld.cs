using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>A classic arena whose L2 lives: a sequencer, a batcher and a proposer of its own.</summary>
internal sealed class RollupWorld : IAsyncDisposable
{
    private const ulong WithdrawalGas = 300_000;

    private RollupWorld(ClassicArena arena, RollupConfig config, Sequencer sequencer)
    {
        Arena = arena;
        Config = config;
        Sequencer = sequencer;
        Batcher = new Batcher(L1, L2, arena.OnL1(arena.Accounts.Batcher), config);
    }

    internal ClassicArena Arena { get; }

    internal RollupConfig Config { get; }

    internal Sequencer Sequencer { get; private set; }

    internal Batcher Batcher { get; }

    internal EthereumNode L1 => Arena.L1.Node;

    internal EthereumNode L2 => Arena.L2.Node;

    internal static async Task<RollupWorld> StartAsync(ArenaOptions? options = null)
    {
        ClassicArena arena = await ClassicArena.StartAsync(Repository.Packages, options);
        RollupConfig config = arena.RollupConfig();
        Sequencer sequencer = await Sequencer.StartAsync(arena.L1.Node, arena.L2.Node, config);
        return new RollupWorld(arena, config, sequencer);
    }

    /// <summary>Stops the sequencer and starts another.</summary>
    internal async Task RestartSequencerAsync()
    {
        Sequencer.Dispose();
        Sequencer = await Sequencer.StartAsync(L1, L2, Config);
    }

    internal Proposer Proposer(ProposerOptions options) => new(
        L1, L2, Arena.Contracts.Factory, Arena.OnL1(Arena.Accounts.Proposer), Config, options);

    /// <summary>Lets an account send on L2, and makes L2 blocks until it has its receipt.</summary>
    internal async Task<TransactionReceipt> SendOnL2Async(ArenaAccount account, CallRequest call)
    {
        // A deposit of the same account would use up the number that its transaction is given.
        do
        {
            await Sequencer.ProduceAsync();
        }
        while (Sequencer.WaitingDepositCount > 0);

        Task<TransactionReceipt> sending = Arena.OnL2(account).SendAsync(call);
        while (!sending.IsCompleted)
        {
            await Sequencer.ProduceAsync();
            await Task.WhenAny(sending, Task.Delay(20));
        }

        return await sending;
    }

    /// <summary>Initiates a withdrawal of ether on L2.</summary>
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
        return SendOnL2Async(account, request with { GasLimit = WithdrawalGas });
    }

    /// <summary>Deposits ether on L1.</summary>
    internal Task<TransactionReceipt> DepositAsync(ArenaAccount account, Address to, ulong wei) =>
        Arena.OnL1(account).SendAsync(Deposit(account, to, wei));

    internal CallRequest Deposit(ArenaAccount account, Address to, ulong wei, byte[]? data = null) =>
        Arena.Contracts.Portal.Request(
            account.Address,
            new OptimismPortal2.DepositTransactionFunction
            {
                To = to,
                Value = wei,
                GasLimit = 200_000,
                Data = data ?? [],
            },
            wei);

    internal Task<Block> L1HeadAsync() => L1.GetBlockAsync(BlockReference.Latest);

    internal Task<Block> L2BlockAsync(ulong number) => L2.GetBlockAsync(number);

    internal async Task<Bytes32> OutputAsync(ulong number) =>
        (await OutputRoot.ReadAsync(L2, number)).Hash;

    public async ValueTask DisposeAsync()
    {
        Sequencer.Dispose();
        await Arena.DisposeAsync();
    }
}
