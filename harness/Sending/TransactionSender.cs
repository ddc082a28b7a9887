using System.Diagnostics;
using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Sending;

/// <summary>
/// Sends the transactions of one account, one after the other, each until it is in a block. May be used
/// from several threads at once; only one sender may serve an account.
/// </summary>
/// <remarks>
/// The number of a transaction is always the account's next one in the chain, whatever waits beside it. So
/// whatever a sender that was killed left behind is replaced, not followed: of two transactions with one
/// number at most one is ever executed, and nothing can happen twice. All attempts at one transaction have
/// one number, for the same reason.
/// </remarks>
public sealed class TransactionSender : IDisposable
{
    private const ulong TransferGas = 21_000;
    private const int CancelCountMax = 100;
    private const decimal WeiOfGwei = 1_000_000_000;

    // How often in a row, and how long, the number must be seen in use: behind one address there may be
    // several nodes, of which one knows a block that another does not; and a node that is busy may count a
    // transaction some time before it has the receipt.
    private const int TakenCountMax = 5;
    private static readonly TimeSpan TakenDelay = TimeSpan.FromSeconds(2);

    private readonly EthereumNode _node;
    private readonly ISigner _signer;
    private readonly TransactionSenderOptions _options;
    private readonly SemaphoreSlim _sending = new(1);
    private ulong? _chainId;

    /// <summary>Uses the node and the account, which both stay the caller's.</summary>
    public TransactionSender(EthereumNode node, ISigner signer, TransactionSenderOptions? options = null)
    {
        _node = node;
        _signer = signer;
        _options = options ?? new TransactionSenderOptions();
    }

    /// <summary>The account.</summary>
    public Address Address => _signer.Address;

    /// <summary>
    /// Sends one transaction and returns its receipt when it is in a block. Gas is estimated first unless
    /// the call names it, so what would revert is not sent. A transaction that waits too long is sent again
    /// with higher fees.
    /// </summary>
    /// <param name="call">The transaction, from this account and without a number.</param>
    /// <param name="cancellation">
    /// Ends the wait. A transaction that the node has may still be executed then.
    /// </param>
    /// <exception cref="RevertedException">
    /// It would revert (nothing was sent, no receipt), or it did in its block.
    /// </exception>
    /// <exception cref="ChainException">
    /// <see cref="ChainFailure.Funds"/>: the account cannot pay. <see cref="ChainFailure.FeeLimit"/>: fees
    /// would exceed the limit. <see
    /// cref="ChainFailure.Replaced"/>: another transaction took the number. <see
    /// cref="ChainFailure.Deadline"/>: no attempt was executed; one still may be. Otherwise the node's own
    /// failure.
    /// </exception>
    public async Task<TransactionReceipt> SendAsync(
        CallRequest call, CancellationToken cancellation = default)
    {
        if (call.From != Address || call.Nonce is not null)
        {
            throw new ArgumentException("The call is another account's, or has a number.", nameof(call));
        }

        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await SendNumberedAsync(call, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// Replaces every transaction of the account that still waits by one that does nothing, and returns how
    /// many there were.
    /// </summary>
    public async Task<int> CancelPendingAsync(CancellationToken cancellation = default)
    {
        CallRequest nothing = new() { From = Address, To = Address, GasLimit = TransferGas };
        for (int count = 0; count < CancelCountMax; count++)
        {
            ulong mined = await CountAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
            ulong known = await CountAsync(BlockReference.Pending, cancellation).ConfigureAwait(false);
            if (known <= mined)
            {
                return count;
            }

            _ = await SendAsync(nothing, cancellation).ConfigureAwait(false);
        }

        throw new ChainException(
            ChainFailure.Replaced,
            $"Over {CancelCountMax} transactions wait; does another program send them?");
    }

    /// <summary>Frees the lock that orders transactions; node and signer stay open.</summary>
    public void Dispose() => _sending.Dispose();

    private async Task<TransactionReceipt> SendNumberedAsync(
        CallRequest call, CancellationToken cancellation)
    {
        int renumberings = _options.RenumberCountMax;
        while (true)
        {
            FeeMarketTransaction transaction =
                await PrepareAsync(call, cancellation).ConfigureAwait(false);
            try
            {
                TransactionReceipt receipt =
                    await SendUntilMinedAsync(transaction, cancellation).ConfigureAwait(false);
                return receipt.Succeeded
                    ? receipt
                    : throw await ExplainAsync(call, transaction, receipt, cancellation)
                        .ConfigureAwait(false);
            }
            catch (ChainException error)
                when (error.Failure == ChainFailure.Replaced && renumberings-- > 0)
            {
                // Its number is used up, so that it can never be executed: another cannot double it.
            }
        }
    }

    private async Task<FeeMarketTransaction> PrepareAsync(
        CallRequest call, CancellationToken cancellation)
    {
        _chainId ??= await _node.GetChainIdAsync(cancellation).ConfigureAwait(false);
        ulong gas = call.GasLimit
            ?? await EstimateAsync(call, cancellation).ConfigureAwait(false);
        TransactionFees fees =
            await TransactionFees.SuggestAsync(_node, cancellation).ConfigureAwait(false);
        if (fees.Base > _options.MaxFeePerGasLimit)
        {
            throw new ChainException(
                ChainFailure.FeeLimit,
                $"The newest block asked for {Gwei(fees.Base)} gwei for each unit of gas, and at most "
                    + $"{Gwei(_options.MaxFeePerGasLimit)} are offered here: nothing was sent.");
        }

        if (fees.Cap > _options.MaxFeePerGasLimit)
        {
            fees = fees.LimitedTo(_options.MaxFeePerGasLimit);
        }

        return new FeeMarketTransaction
        {
            ChainId = _chainId,
            Nonce = await CountAsync(BlockReference.Latest, cancellation).ConfigureAwait(false),
            To = call.To,
            Data = call.Data,
            Value = call.Value,
            GasLimit = gas,
            MaxFeePerGas = fees.Cap,
            MaxPriorityFeePerGas = fees.Tip,
        };
    }

    private async Task<ulong> EstimateAsync(
        CallRequest call, CancellationToken cancellation)
    {
        ulong estimate =
            await _node.EstimateGasAsync(call, cancellation).ConfigureAwait(false);
        return checked(estimate + estimate * (ulong)_options.GasMarginPercent / 100);
    }

    private async Task<TransactionReceipt> SendUntilMinedAsync(
        FeeMarketTransaction transaction, CancellationToken cancellation)
    {
        List<Bytes32> hashes = [];
        ChainException? lastFailure = null;
        for (int attempt = 0; attempt < _options.AttemptCountMax; attempt++)
        {
            TimeSpan patience = _options.ResubmitDelay;
            try
            {
                await SubmitAsync(transaction, hashes, cancellation).ConfigureAwait(false);
            }
            catch (JsonRpcException error) when (error.Refusal == TransactionRefusal.Underpriced)
            {
                patience = TimeSpan.Zero;
                lastFailure = error;
            }
            catch (JsonRpcException error) when (error.Refusal == TransactionRefusal.NonceTooLow)
            {
                return await WaitAsync(transaction.Nonce, hashes, 2 * TakenDelay, cancellation)
                    .ConfigureAwait(false)
                    ?? throw Replaced(transaction.Nonce, error);
            }
            catch (JsonRpcException error) when (error.Refusal == TransactionRefusal.InsufficientFunds)
            {
                throw new ChainException(
                    ChainFailure.Funds, $"{Address} cannot pay for the transaction's value and gas.", error);
            }
            catch (ChainException error) when (IsTransient(error))
            {
                // It may have arrived all the same: wait for it before another attempt.
                lastFailure = error;
            }

            if (await WaitAsync(transaction.Nonce, hashes, patience, cancellation).ConfigureAwait(false)
                is { } receipt)
            {
                return receipt;
            }

            transaction = Bump(transaction, lastFailure);
        }

        bool isAtLimit = transaction.MaxFeePerGas * (100 + _options.FeeBumpPercent)
            > _options.MaxFeePerGasLimit * 100;
        string sentence =
            $"A transaction of {Address} is in no block after {_options.AttemptCountMax} attempts."
            + (isAtLimit
                ? $" It offered {Gwei(transaction.MaxFeePerGas)} gwei for each unit of gas, and more than "
                    + $"{Gwei(_options.MaxFeePerGasLimit)} are not allowed here."
                : "");
        throw lastFailure is null
            ? new ChainException(ChainFailure.Deadline, sentence)
            : new ChainException(ChainFailure.Deadline, sentence, lastFailure);
    }

    private async Task SubmitAsync(
        FeeMarketTransaction transaction, List<Bytes32> hashes, CancellationToken cancellation)
    {
        SignedTransaction? signed = await _signer.SignAsync(transaction, cancellation).ConfigureAwait(false);
        if (signed is null)
        {
            hashes.Add(await _node.SubmitAsync(Address, transaction, cancellation).ConfigureAwait(false));
            return;
        }

        // Known before the node answers, so that it is found even when the answer is lost.
        byte[] encoded = signed.Encode();
        hashes.Add(Bytes32.Keccak256(encoded));
        _ = await _node.SubmitRawAsync(encoded, cancellation).ConfigureAwait(false);
    }

    private async Task<TransactionReceipt?> WaitAsync(
        ulong nonce, List<Bytes32> hashes, TimeSpan patience, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int takenCount = 0;
        TimeSpan takenSince = TimeSpan.Zero;
        while (true)
        {
            try
            {
                // The count is asked first: what it counts has a receipt then.
                ulong mined = await CountAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
                if (await FindMinedAsync(hashes, cancellation).ConfigureAwait(false) is { } receipt)
                {
                    return receipt;
                }

                takenCount = mined > nonce ? takenCount + 1 : 0;
                takenSince = takenCount > 1 ? takenSince : watch.Elapsed;
                if (takenCount >= TakenCountMax && watch.Elapsed - takenSince >= TakenDelay)
                {
                    throw Replaced(nonce, null);
                }
            }
            catch (ChainException error) when (IsTransient(error))
            {
                // Asked again below, as long as patience lasts.
            }

            if (watch.Elapsed >= patience)
            {
                return null;
            }

            await Task.Delay(_options.ReceiptPollDelay, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<TransactionReceipt?> FindMinedAsync(
        List<Bytes32> hashes, CancellationToken cancellation)
    {
        // The last attempt is the likeliest.
        foreach (Bytes32 hash in hashes.AsEnumerable().Reverse())
        {
            if (await _node.FindReceiptAsync(hash, cancellation).ConfigureAwait(false) is { } receipt)
            {
                return receipt;
            }
        }

        return null;
    }

    private FeeMarketTransaction Bump(FeeMarketTransaction transaction, ChainException? reason)
    {
        TransactionFees fees = new(transaction.MaxFeePerGas, transaction.MaxPriorityFeePerGas);
        TransactionFees raised = fees.Raised(_options.FeeBumpPercent);
        if (raised.Cap <= _options.MaxFeePerGasLimit)
        {
            return transaction with { MaxFeePerGas = raised.Cap, MaxPriorityFeePerGas = raised.Tip };
        }

        // Without a fee to add, the same transaction is offered again: the node may have lost it.
        return reason is JsonRpcException { Refusal: TransactionRefusal.Underpriced }
            ? throw new ChainException(
                ChainFailure.FeeLimit,
                $"The node asks for higher fees than {Gwei(transaction.MaxFeePerGas)} gwei for each unit of "
                    + $"gas, and more than {Gwei(_options.MaxFeePerGasLimit)} are not allowed here.",
                reason)
            : transaction;
    }

    private async Task<RevertedException> ExplainAsync(
        CallRequest call,
        FeeMarketTransaction transaction,
        TransactionReceipt receipt,
        CancellationToken cancellation)
    {
        // A receipt has no reason: the same call again, on the state after its block, tells it.
        CallRequest again = call with { GasLimit = transaction.GasLimit };
        CallOutcome outcome = await _node
            .CallAsync(again, BlockReference.Number(receipt.BlockNumber), cancellation)
            .ConfigureAwait(false);
        ReadOnlyMemory<byte> data = outcome.IsReverted ? outcome.Data : default;
        return new RevertedException("The transaction", RevertReason.Decode(data), receipt);
    }

    private ChainException Replaced(ulong nonce, ChainException? cause)
    {
        string sentence = $"Another transaction of {Address} took number {nonce}.";
        return cause is null
            ? new ChainException(ChainFailure.Replaced, sentence)
            : new ChainException(ChainFailure.Replaced, sentence, cause);
    }

    private static decimal Gwei(BigInteger wei) => (decimal)wei / WeiOfGwei;

    private Task<ulong> CountAsync(BlockReference block, CancellationToken cancellation) =>
        _node.GetNonceAsync(Address, block, cancellation);

    private static bool IsTransient(ChainException error) => error.Failure
        is ChainFailure.Unreachable or ChainFailure.Deadline or ChainFailure.BadAnswer
            or ChainFailure.Throttled;
}
