using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>A proposal that was made.</summary>
/// <param name="BlockNumber">The L2 block it is for.</param>
/// <param name="Output">The output root it claims.</param>
/// <param name="Receipt">The transaction on L1.</param>
public sealed record Proposal(ulong BlockNumber, OutputRoot Output, TransactionReceipt Receipt);

/// <summary>
/// Proposes output roots on L1, at intervals, by creating dispute games. Only L2 blocks whose data are on L1
/// count, by default only in finalized L1 blocks. The factory itself knows which proposals exist, so it
/// can be stopped at any time and started again. For one thread at a time.
/// </summary>
public sealed class Proposer
{
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly Contract _factory;
    private readonly TransactionSender _sender;
    private readonly ProposerOptions _options;
    private readonly DerivedChain _derived;

    /// <summary>Uses nodes and sender, which stay the caller's.</summary>
    /// <param name="l1">The node of L1.</param>
    /// <param name="l2">The node of L2.</param>
    /// <param name="factory">The DisputeGameFactory.</param>
    /// <param name="sender">The proposer's account; it pays the bonds.</param>
    /// <param name="config">The L2.</param>
    /// <param name="options">What and when it proposes.</param>
    public Proposer(
        EthereumNode l1,
        EthereumNode l2,
        Contract factory,
        TransactionSender sender,
        RollupConfig config,
        ProposerOptions? options = null)
    {
        _l1 = l1;
        _l2 = l2;
        _factory = factory;
        _sender = sender;
        _options = options ?? new ProposerOptions();
        ArgumentOutOfRangeException.ThrowIfZero(_options.IntervalBlocks);
        _derived = new DerivedChain(l1, config);
    }

    /// <summary>
    /// Proposes the newest L2 block that is due; null when there is none, or its proposal exists already,
    /// whoever made it. Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<Proposal?> ProposeDueAsync(CancellationToken cancellation = default)
    {
        BlockReference tag =
            _options.AllowsNonFinalized ? BlockReference.Latest : BlockReference.Finalized;
        Block l1Head = await _l1.GetBlockAsync(tag, cancellation).ConfigureAwait(false);
        Block first = await _l2.GetBlockAsync(BlockReference.Earliest, cancellation).ConfigureAwait(false);
        BlockHeader last = await _derived
            .FollowAsync(first.Header, l1Head, cancellation)
            .ConfigureAwait(false);
        ulong due = last.Number / _options.IntervalBlocks * _options.IntervalBlocks;
        return due == 0 ? null : await ProposeAsync(due, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Proposes an L2 block at once, without looking whether it is due; null when this proposal exists.
    /// </summary>
    public async Task<Proposal?> ProposeAsync(ulong number, CancellationToken cancellation = default)
    {
        OutputRoot output = await OutputRoot.ReadAsync(_l2, number, cancellation).ConfigureAwait(false);
        byte[] extraData = Bytes32.FromInteger(number).ToArray();
        DisputeGameFactory.GamesResult game = await _factory
            .ReadAsync(
                new DisputeGameFactory.GamesFunction
                {
                    GameType = _options.GameType,
                    RootClaim = output.Hash,
                    ExtraData = extraData,
                },
                cancellation: cancellation)
            .ConfigureAwait(false);
        if (game.Proxy != default)
        {
            return null;
        }

        DisputeGameFactory.InitBondsResult bond = await _factory
            .ReadAsync(
                new DisputeGameFactory.InitBondsFunction { Value = _options.GameType },
                cancellation: cancellation)
            .ConfigureAwait(false);
        DisputeGameFactory.CreateFunction creation = new()
        {
            GameType = _options.GameType,
            RootClaim = output.Hash,
            ExtraData = extraData,
        };
        TransactionReceipt receipt = await _sender
            .SendAsync(_factory.Request(_sender.Address, creation, bond.Value), cancellation)
            .ConfigureAwait(false);
        return new Proposal(number, output, receipt);
    }

    /// <summary>
    /// Proposes whatever becomes due, looking again after each pause, until it is cancelled.
    /// </summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellation)
    {
        while (true)
        {
            _ = await ProposeDueAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }
}
