using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>Makes an <see cref="L1Ledger"/> from an L1's blocks since a moment.</summary>
internal sealed class L1Accountant
{
    private readonly IArena _arena;
    private readonly ulong _startNumber;

    private L1Accountant(IArena arena, ulong startNumber)
    {
        _arena = arena;
        _startNumber = startNumber;
    }

    private Contract[] BondHolders => [_arena.Contracts.Weth, _arena.Contracts.PermissionedWeth];

    /// <summary>Begins the account after the newest block.</summary>
    public static async Task<L1Accountant> StartAsync(IArena arena, CancellationToken cancellation) =>
        new(arena, await arena.L1.Node.GetBlockNumberAsync(cancellation).ConfigureAwait(false));

    /// <summary>The account up to the newest block.</summary>
    /// <param name="others">Accounts besides the arena's own that got or paid ether.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<L1Ledger> CloseAsync(
        IEnumerable<Address> others, CancellationToken cancellation)
    {
        ulong last = await _arena.L1.Node.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        List<TransactionReceipt> receipts = [];
        Dictionary<Address, BigInteger> received = [];
        foreach (ulong number in Numbers(last))
        {
            await ReadBlockAsync(number, receipts, received, cancellation).ConfigureAwait(false);
        }

        Address[] holders = [.. BondHolders.Select(holder => holder.Address)];
        Address[] known =
        [
            .. _arena.Accounts.All.Select(account => account.Address)
                .Concat(_arena.Contracts.All.Select(contract => contract.Address))
                .Append(_arena.Council.Contract.Address)
                .Append(_arena.BatchInbox)
                .Concat(others)
                .Distinct(),
        ];
        Dictionary<Address, BigInteger> gains =
            await GainsAsync(known, last, cancellation).ConfigureAwait(false);
        return new L1Ledger
        {
            TransactionCount = receipts.Count,
            Gas = receipts.Aggregate(0ul, (sum, receipt) => sum + receipt.GasUsed),
            Fees = SumBy(receipts.Select(receipt =>
                (receipt.From, receipt.Fee))),
            Paid = SumBy(receipts.SelectMany(receipt =>
                Deposits(receipt).Select(wei => (receipt.From, wei)))),
            Received = received,
            Held = holders.Aggregate(BigInteger.Zero, (sum, holder) => sum + gains[holder]),
            Gains = gains,
        };
    }

    private IEnumerable<ulong> Numbers(ulong last)
    {
        for (ulong number = _startNumber + 1; number <= last; number++)
        {
            yield return number;
        }
    }

    private async Task ReadBlockAsync(
        ulong number,
        List<TransactionReceipt> receipts,
        Dictionary<Address, BigInteger> received,
        CancellationToken cancellation)
    {
        EthereumNode node = _arena.L1.Node;
        Block block = await node.GetBlockAsync(number, cancellation).ConfigureAwait(false);
        if (block.TransactionHashes.Count == 0)
        {
            return;
        }

        IReadOnlyList<TransactionReceipt> own = await node
            .WaitForReceiptsAsync(block.TransactionHashes, cancellation)
            .ConfigureAwait(false);
        receipts.AddRange(own);
        if (!own.Any(receipt => Payments(receipt).Any()))
        {
            return;
        }

        IReadOnlyList<byte[]> transactions = await RawTransactions
            .ReadAsync(node, block.Header, cancellation)
            .ConfigureAwait(false);
        foreach ((TransactionReceipt receipt, byte[] encoded) in own.Zip(transactions))
        {
            foreach (BigInteger wei in Payments(receipt))
            {
                Address winner = RecipientOf(Transaction.Decode(encoded));
                received[winner] = received.GetValueOrDefault(winner) + wei;
            }
        }
    }

    // Bonds come and go by the events of the token that they are held as.
    private IEnumerable<BigInteger> Deposits(TransactionReceipt receipt) =>
        LogsOfHolders(receipt)
            .Where(ContractCodec.Matches<DelayedWETH.DepositEvent>)
            .Select(log => ContractCodec.DecodeEvent<DelayedWETH.DepositEvent>(log).Wad);

    private IEnumerable<BigInteger> Payments(TransactionReceipt receipt) =>
        LogsOfHolders(receipt)
            .Where(ContractCodec.Matches<DelayedWETH.WithdrawalEvent>)
            .Select(log => ContractCodec.DecodeEvent<DelayedWETH.WithdrawalEvent>(log).Wad);

    private IEnumerable<LogEntry> LogsOfHolders(TransactionReceipt receipt) =>
        receipt.Logs.Where(log => BondHolders.Any(holder => holder.Address == log.Address));

    // A game pays to the account that the call names.
    private static Address RecipientOf(Transaction transaction) =>
        ContractCodec.TryDecodeCall<FaultDisputeGame.ClaimCreditFunction>(transaction.Data)?.Recipient
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "A bond was paid out by another call than a game's claimCredit.");

    private async Task<Dictionary<Address, BigInteger>> GainsAsync(
        Address[] accounts, ulong last, CancellationToken cancellation)
    {
        BigInteger[] before =
            await BalancesAsync(accounts, _startNumber, cancellation).ConfigureAwait(false);
        BigInteger[] after = await BalancesAsync(accounts, last, cancellation).ConfigureAwait(false);
        return accounts
            .Select((account, index) => (account, Gain: after[index] - before[index]))
            .ToDictionary(each => each.account, each => each.Gain);
    }

    private async Task<BigInteger[]> BalancesAsync(
        Address[] accounts, ulong number, CancellationToken cancellation)
    {
        IReadOnlyList<JsonRpcAnswer> answers = await _arena.L1.Node.Rpc
            .BatchAsync(
                [
                    .. accounts.Select(account => JsonRpcRequest.Create(
                        "eth_getBalance", account.ToString(), Hex.FormatQuantity(number))),
                ],
                cancellation)
            .ConfigureAwait(false);
        return [.. answers.Select(answer => Hex.ReadLargeQuantity(answer.Require()))];
    }

    private static Dictionary<Address, BigInteger> SumBy(
        IEnumerable<(Address Account, BigInteger Wei)> entries)
    {
        Dictionary<Address, BigInteger> sums = [];
        foreach ((Address account, BigInteger wei) in entries)
        {
            sums[account] = sums.GetValueOrDefault(account) + wei;
        }

        return sums;
    }
}
