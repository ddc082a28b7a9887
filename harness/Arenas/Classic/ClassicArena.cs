using System.Collections.Concurrent;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Arenas.Classic;

/// <summary>
/// An arena with the contracts of 2024: MIPS 1.0.1 (state version 0), fault dispute game 1.2.0, portal
/// 3.10.0, deployed afresh from the contracts package.
/// </summary>
public sealed class ClassicArena : IArena
{
    /// <summary>What arenas of this kind are called.</summary>
    internal const string KindName = "classic";

    // The first block whose header commits to the genesis state: block 0 of a local node has an empty root.
    private const ulong FirstProvableBlock = 1;

    private static readonly TransactionSenderOptions SenderOptions = new()
    {
        ReceiptPollDelay = TimeSpan.FromMilliseconds(2),
        ResubmitDelay = TimeSpan.FromSeconds(5),
    };

    // A deposit of the account takes the number that its own transaction has been given.
    private const int RenumberCount = 3;

    private readonly ConcurrentDictionary<(EthereumNode Node, Address Account), TransactionSender> _senders =
        new();
    private readonly ClassicDeployment _deployment;
    private ArenaSnapshot? _beginning;

    private ClassicArena(
        ArenaOptions options,
        ArenaAccounts accounts,
        Anvil l1,
        IL2Chain l2,
        ClassicDeployment deployment,
        L2Contracts predeploys,
        OutputRoot anchor)
    {
        Options = options;
        Accounts = accounts;
        L1 = l1;
        L2 = l2;
        _deployment = deployment;
        Predeploys = predeploys;
        AnchorOutput = anchor;
        BatchInbox = RollupConfig.InboxOf(options.L2ChainId);
    }

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public ArenaOptions Options { get; }

    /// <inheritdoc/>
    public Anvil L1 { get; }

    /// <inheritdoc/>
    public IL2Chain L2 { get; }

    /// <inheritdoc/>
    public L1Contracts Contracts => _deployment.Contracts;

    /// <inheritdoc/>
    public L2Contracts Predeploys { get; }

    /// <inheritdoc/>
    public ArenaAccounts Accounts { get; }

    /// <inheritdoc/>
    public Address BatchInbox { get; }

    /// <inheritdoc/>
    public ulong AnchorBlock => FirstProvableBlock;

    /// <inheritdoc/>
    public OutputRoot AnchorOutput { get; }

    /// <inheritdoc/>
    public ArenaSnapshot Beginning => _beginning!;

    /// <inheritdoc/>
    public MultiSignature Council => _deployment.Council;

    /// <inheritdoc/>
    public Contract DeputyModule => _deployment.DeputyModule;

    /// <summary>Names the messenger's implementation.</summary>
    public Contract AddressManager => _deployment.AddressManager;

    /// <summary>The protocol versions that nodes should run.</summary>
    public Contract ProtocolVersions => _deployment.ProtocolVersions;

    /// <summary>
    /// Starts both chains with the contracts on them. Throws <see cref="ChainException"/> when that fails;
    /// no process is left then.
    /// </summary>
    public static async Task<ClassicArena> StartAsync(
        NodePackages packages, ArenaOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ArenaOptions();
        ArenaAccounts accounts = new();
        Anvil l1 = await StartL1Async(packages, options, cancellation).ConfigureAwait(false);
        IL2Chain? l2 = null;
        try
        {
            DeploymentPlan plan = new(l1.Node, packages, accounts.Owner.Key, options.L1ChainId);
            Address inbox = RollupConfig.InboxOf(options.L2ChainId);
            ClassicDeployment deployment = new(plan, options, accounts, inbox);
            L2Genesis genesis = new(l1.Node, plan, options, accounts, deployment.Contracts);
            Address[] funded = [.. accounts.All.Select(account => account.Address)];
            Task funding = l1.SetBalancesAsync(funded, options.AccountBalance, cancellation);
            l2 = options.L2 == ArenaL2.Derived
                ? await StartDerivedAsync(
                    packages, l1, options, genesis, accounts, deployment, cancellation)
                    .ConfigureAwait(false)
                : await StartL2Async(packages, options, genesis, cancellation).ConfigureAwait(false);
            await funding.ConfigureAwait(false);
            await MakeFirstL2BlockAsync(l1, l2, accounts.Batcher.Address, cancellation).ConfigureAwait(false);
            OutputRoot anchor = await OutputRoot
                .ReadAsync(l2.Node, FirstProvableBlock, cancellation)
                .ConfigureAwait(false);
            await deployment
                .ExecuteAsync(l1, FirstProvableBlock, anchor.Hash, cancellation)
                .ConfigureAwait(false);
            if (l2 is DerivedL2 derived)
            {
                // What games begin with must be on L1 before them.
                await derived.PostAsync(accounts.Batcher, cancellation: cancellation).ConfigureAwait(false);
            }

            ClassicArena arena =
                new(options, accounts, l1, l2, deployment, genesis.Contracts(l2.Node), anchor);
            arena._beginning = await arena.SnapshotAsync(cancellation).ConfigureAwait(false);
            return arena;
        }
        catch
        {
            await StopAsync(l1, l2).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public TransactionSender OnL1(ArenaAccount account) => SenderOf(L1.Node, account);

    /// <inheritdoc/>
    public TransactionSender OnL2(ArenaAccount account) => SenderOf(L2.Node, account);

    /// <inheritdoc/>
    public async Task<ArenaSnapshot> SnapshotAsync(CancellationToken cancellation = default) =>
        new(
            await L1.RememberAsync(cancellation).ConfigureAwait(false),
            await L2.RememberAsync(cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task RevertAsync(ArenaSnapshot snapshot, CancellationToken cancellation = default)
    {
        await L1.GoBackAsync(snapshot.L1, cancellation).ConfigureAwait(false);
        await L2.GoBackAsync(snapshot.L2, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellation = default) =>
        AsDeputyAsync(new DeputyGuardianModule.PauseFunction(), cancellation);

    /// <inheritdoc/>
    public Task UnpauseAsync(CancellationToken cancellation = default) =>
        AsDeputyAsync(new DeputyGuardianModule.UnpauseFunction(), cancellation);

    /// <inheritdoc/>
    public Task BlacklistAsync(Address game, CancellationToken cancellation = default) =>
        AsDeputyAsync(
            new DeputyGuardianModule.BlacklistDisputeGameFunction
            {
                Portal = Contracts.Portal.Address,
                Game = game,
            },
            cancellation);

    /// <inheritdoc/>
    public Task SetRespectedGameTypeAsync(uint gameType, CancellationToken cancellation = default) =>
        AsDeputyAsync(
            new DeputyGuardianModule.SetRespectedGameTypeFunction
            {
                Portal = Contracts.Portal.Address,
                GameType = gameType,
            },
            cancellation);

    /// <summary>Ends both chains.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (TransactionSender sender in _senders.Values)
        {
            sender.Dispose();
        }

        await StopAsync(L1, L2).ConfigureAwait(false);
    }

    private static async Task<Anvil> StartL1Async(
        NodePackages packages, ArenaOptions options, CancellationToken cancellation)
    {
        AnvilOptions node = new()
        {
            ChainId = options.L1ChainId,
            Timestamp = options.Timestamp,
            EpochBlocks = options.EpochBlocks,
            AccountCount = 1,
        };
        Anvil l1 = await Anvil.StartAsync(packages, node, cancellation).ConfigureAwait(false);
        await l1.SetBlockIntervalAsync(options.L1BlockSeconds, cancellation).ConfigureAwait(false);
        return l1;
    }

    private static async Task<Anvil> StartL2Async(
        NodePackages packages, ArenaOptions options, L2Genesis genesis, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-arena-");
        try
        {
            string path = Path.Combine(folder.FullName, "genesis.json");
            await genesis.WriteAsync(path, cancellation).ConfigureAwait(false);
            AnvilOptions node = new()
            {
                ChainId = options.L2ChainId,
                BlockGasLimit = options.L2GasLimit,
                EpochBlocks = options.EpochBlocks,
                AccountCount = 1,
                GenesisPath = path,
                IsOptimism = true,
                TakesInOrder = true,
            };
            Anvil l2 = await Anvil.StartAsync(packages, node, cancellation).ConfigureAwait(false);
            await l2.SetBlockIntervalAsync(options.L2BlockSeconds, cancellation).ConfigureAwait(false);
            return l2;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<DerivedL2> StartDerivedAsync(
        NodePackages packages,
        Anvil l1,
        ArenaOptions options,
        L2Genesis genesis,
        ArenaAccounts accounts,
        ClassicDeployment deployment,
        CancellationToken cancellation) => DerivedL2.StartAsync(
            L2Program.Locate(),
            l1,
            genesis,
            new RollupFacts(
                options,
                accounts.Batcher.Address,
                RollupConfig.InboxOf(options.L2ChainId),
                deployment.Contracts.Portal.Address,
                deployment.Contracts.SystemConfig.Address),
            packages.KzgScript,
            cancellation);

    // Its first transaction tells the fault-proof program, as that of any L2 block does, where on L1 the
    // L2's data begin and whose they are.
    private static async Task MakeFirstL2BlockAsync(
        Anvil l1, IL2Chain l2, Address batcher, CancellationToken cancellation)
    {
        if (l2 is DerivedL2)
        {
            await l2.MineAsync(1, cancellation).ConfigureAwait(false);
            return;
        }

        Block origin = await l1.Node
            .GetBlockAsync(BlockReference.Earliest, cancellation)
            .ConfigureAwait(false);
        DepositTransaction attributes = L1Attributes.Deposit(origin.Header, 0, batcher);
        Bytes32 hash = await l2.Node
            .SubmitRawAsync(attributes.Encode(), cancellation)
            .ConfigureAwait(false);
        IReadOnlyList<TransactionReceipt> receipts =
            await l2.Node.WaitForReceiptsAsync([hash], cancellation).ConfigureAwait(false);
        if (!receipts[0].Succeeded)
        {
            throw new ChainException(
                ChainFailure.Reverted, "The L2's first transaction, which tells it of the L1, failed.");
        }
    }

    private static async Task StopAsync(Anvil l1, IL2Chain? l2)
    {
        await l1.DisposeAsync().ConfigureAwait(false);
        if (l2 is not null)
        {
            await l2.DisposeAsync().ConfigureAwait(false);
        }
    }

    private TransactionSender SenderOf(EthereumNode node, ArenaAccount account) =>
        _senders.GetOrAdd(
            (node, account.Address), _ => new TransactionSender(node, account.Signer, OptionsOn(node)));

    private TransactionSenderOptions OptionsOn(EthereumNode node) =>
        node == L2.Node ? SenderOptions with { RenumberCountMax = RenumberCount } : SenderOptions;

    private async Task AsDeputyAsync(FunctionMessage call, CancellationToken cancellation)
    {
        TransactionSender deputy = OnL1(Accounts.Deputy);
        CallRequest request = DeputyModule.Request(deputy.Address, call);
        _ = await deputy.SendAsync(request, cancellation).ConfigureAwait(false);
    }
}
