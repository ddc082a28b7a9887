using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Arenas;

/// <summary>
/// An arena with the contracts of 2024: MIPS 1.0.1 (state version 0), fault dispute game 1.2.0, portal
/// 3.10.0, deployed afresh from the contracts package.
/// </summary>
public sealed class ClassicArena : IArena
{
    // The first block whose header commits to the genesis state: block 0 of a local node has an empty root.
    private const ulong FirstProvableBlock = 1;

    private static readonly TransactionSenderOptions SenderOptions = new()
    {
        ReceiptPollDelay = TimeSpan.FromMilliseconds(2),
        ResubmitDelay = TimeSpan.FromSeconds(5),
    };

    // A deposit of the account takes the number that its own transaction has been given.
    private const int RenumberCount = 3;

    private readonly ConcurrentDictionary<(Anvil Chain, Address Account), TransactionSender> _senders = new();
    private readonly ClassicDeployment _deployment;
    private ArenaSnapshot? _beginning;

    private ClassicArena(
        ArenaOptions options,
        ArenaAccounts accounts,
        Anvil l1,
        Anvil l2,
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
    public string Name => "classic";

    /// <inheritdoc/>
    public ArenaOptions Options { get; }

    /// <inheritdoc/>
    public Anvil L1 { get; }

    /// <inheritdoc/>
    public Anvil L2 { get; }

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

    /// <summary>The guardian: a Safe that needs three of its four owners.</summary>
    public MultiSignature Council => _deployment.Council;

    /// <summary>The module by which the deputy acts for the guardian.</summary>
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
        Anvil? l2 = null;
        try
        {
            DeploymentPlan plan = new(l1.Node, packages, accounts.Owner.Key, options.L1ChainId);
            Address inbox = RollupConfig.InboxOf(options.L2ChainId);
            ClassicDeployment deployment = new(plan, options, accounts, inbox);
            L2Genesis genesis = new(l1.Node, plan, options, accounts, deployment.Contracts);
            Address[] funded = [.. accounts.All.Select(account => account.Address)];
            Task funding = l1.SetBalancesAsync(funded, options.AccountBalance, cancellation);
            l2 = await StartL2Async(packages, options, genesis, cancellation).ConfigureAwait(false);
            await funding.ConfigureAwait(false);
            await MakeFirstL2BlockAsync(l1, l2, accounts.Batcher.Address, cancellation).ConfigureAwait(false);
            OutputRoot anchor = await OutputRoot
                .ReadAsync(l2.Node, FirstProvableBlock, cancellation)
                .ConfigureAwait(false);
            await deployment
                .ExecuteAsync(l1, FirstProvableBlock, anchor.Hash, cancellation)
                .ConfigureAwait(false);
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
    public TransactionSender OnL1(ArenaAccount account) => SenderOf(L1, account);

    /// <inheritdoc/>
    public TransactionSender OnL2(ArenaAccount account) => SenderOf(L2, account);

    /// <inheritdoc/>
    public async Task<ArenaSnapshot> SnapshotAsync(CancellationToken cancellation = default) =>
        new(
            await L1.SnapshotAsync(cancellation).ConfigureAwait(false),
            await L2.SnapshotAsync(cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task RevertAsync(ArenaSnapshot snapshot, CancellationToken cancellation = default)
    {
        await L1.RevertAsync(snapshot.L1, cancellation).ConfigureAwait(false);
        await L2.RevertAsync(snapshot.L2, cancellation).ConfigureAwait(false);
        snapshot.L1 = await L1.SnapshotAsync(cancellation).ConfigureAwait(false);
        snapshot.L2 = await L2.SnapshotAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellation = default) =>
        AsDeputyAsync("pause", [], cancellation);

    /// <inheritdoc/>
    public Task UnpauseAsync(CancellationToken cancellation = default) =>
        AsDeputyAsync("unpause", [], cancellation);

    /// <inheritdoc/>
    public Task BlacklistAsync(Address game, CancellationToken cancellation = default) =>
        AsDeputyAsync("blacklistDisputeGame", [Contracts.Portal.Address, game], cancellation);

    /// <inheritdoc/>
    public Task SetRespectedGameTypeAsync(uint gameType, CancellationToken cancellation = default) =>
        AsDeputyAsync(
            "setRespectedGameType", [Contracts.Portal.Address, (ulong)gameType], cancellation);

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

    // Its first transaction tells the fault-proof program, as that of any L2 block does, where on L1 the
    // L2's data begin and whose they are.
    private static async Task MakeFirstL2BlockAsync(
        Anvil l1, Anvil l2, Address batcher, CancellationToken cancellation)
    {
        Block origin = await l1.Node
            .GetBlockAsync(BlockReference.Earliest, cancellation)
            .ConfigureAwait(false);
        DepositTransaction attributes = L1Attributes.Deposit(origin.Header, 0, batcher);
        Bytes32 hash = await l2.Node
            .SubmitRawAsync(attributes.Encode(), cancellation)
            .ConfigureAwait(false);
        _ = await l2.Node.WaitForReceiptsAsync([hash], cancellation).ConfigureAwait(false);
    }

    private static async Task StopAsync(Anvil l1, Anvil? l2)
    {
        await l1.DisposeAsync().ConfigureAwait(false);
        if (l2 is not null)
        {
            await l2.DisposeAsync().ConfigureAwait(false);
        }
    }

    private TransactionSender SenderOf(Anvil chain, ArenaAccount account) =>
        _senders.GetOrAdd(
            (chain, account.Address),
            key => new TransactionSender(key.Chain.Node, account.Signer, OptionsOn(key.Chain)));

    private TransactionSenderOptions OptionsOn(Anvil chain) =>
        chain == L2 ? SenderOptions with { RenumberCountMax = RenumberCount } : SenderOptions;

    private async Task AsDeputyAsync(string function, AbiValue[] arguments, CancellationToken cancellation)
    {
        TransactionSender deputy = OnL1(Accounts.Deputy);
        CallRequest request = DeputyModule.Request(deputy.Address, function, arguments);
        _ = await deputy
            .SendAsync(request, [DeputyModule.Abi, Contracts.Portal.Abi], cancellation)
            .ConfigureAwait(false);
    }
}
