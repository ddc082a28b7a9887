using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Finds out where the money of a withdrawal is that the portal has executed. The portal counts one as
/// finalized whether its target took the call or not, and tells the difference in its event alone; the
/// messenger keeps what it could not deliver, and by whom it was called does not matter.
/// </summary>
internal sealed class DeliveryReader(WithdrawalContracts contracts)
{
    // Below this the search for the first block to look at costs more than it saves.
    private const ulong ShortChainBlocks = 10_000;

    private readonly RefusalProbe _probe = new(contracts);

    /// <summary>Where the money is. Throws <see cref="ChainException"/> when the node fails.</summary>
    /// <param name="reader">Reads at one block.</param>
    /// <param name="parties">The withdrawal.</param>
    /// <param name="executableFrom">No block before this second can have executed it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Delivery> ReadAsync(
        BlockReader reader,
        WithdrawalParties parties,
        ulong executableFrom,
        CancellationToken cancellation)
    {
        if (parties.Message is { } message)
        {
            return await OfMessageAsync(reader, parties, message, cancellation).ConfigureAwait(false);
        }

        (bool? succeeded, string? detail) = await FindOutcomeAsync(
            reader.Block, parties.Withdrawal.Hash, executableFrom, cancellation).ConfigureAwait(false);
        return succeeded switch
        {
            true => new Delivery(BlockReason.None, parties.Delivered, WithdrawalAction.None, null),
            false => Refused(parties),
            null => new Delivery(BlockReason.None, MoneyPlace.Unknown, WithdrawalAction.None, detail),
        };
    }

    // Whatever the message handed over has never left its place, and nothing can be tried again.
    private static Delivery Refused(WithdrawalParties parties) => new(
        BlockReason.TargetRefused,
        parties.Waiting,
        WithdrawalAction.None,
        $"The target is {parties.Withdrawal.Target}.");

    // A message that failed and was delivered later is in both mappings.
    private async Task<Delivery> OfMessageAsync(
        BlockReader reader,
        WithdrawalParties parties,
        MessengerMessage message,
        CancellationToken cancellation)
    {
        Contract messenger = contracts.L1Messenger.At(parties.Withdrawal.Target);
        CallBatch batch = reader.Batch();
        BatchAnswer<L1CrossDomainMessenger.SuccessfulMessagesResult> succeeded = batch.Add(
            messenger, new L1CrossDomainMessenger.SuccessfulMessagesFunction { Value = message.Hash });
        BatchAnswer<L1CrossDomainMessenger.FailedMessagesResult> failed = batch.Add(
            messenger, new L1CrossDomainMessenger.FailedMessagesFunction { Value = message.Hash });
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        if (succeeded.Require().Value)
        {
            return new Delivery(BlockReason.None, parties.Delivered, WithdrawalAction.None, null);
        }

        if (!failed.Require().Value)
        {
            return Refused(parties);
        }

        RevertReason? refusal = await reader
            .RefusalAsync(messenger, message.Relay, EstimationAccount.Address, cancellation)
            .ConfigureAwait(false);
        return new Delivery(
            BlockReason.RelayFailed,
            parties.Undelivered,
            refusal is null ? WithdrawalAction.Replay : WithdrawalAction.Wait,
            refusal is null
                ? null
                : await _probe
                    .AskAsync(parties, true, BlockReference.Hash(reader.Block.Hash), cancellation)
                    .ConfigureAwait(false));
    }

    // What the portal's event says; null, and why, when the node does not have it.
    private async Task<(bool? Succeeded, string? Detail)> FindOutcomeAsync(
        Block head, Bytes32 hash, ulong executableFrom, CancellationToken cancellation)
    {
        Contract portal = contracts.Portal;
        try
        {
            LogFilter filter = new()
            {
                From = await FirstBlockAsync(head, executableFrom, cancellation).ConfigureAwait(false),
                To = head.Number,
                Addresses = [portal.Address],
                Topics = [ContractCodec.TopicOf<OptimismPortal2.WithdrawalFinalizedEvent>(), hash],
            };
            await foreach (IReadOnlyList<LogEntry> part in portal.Node
                .StreamLogsAsync(filter, cancellation)
                .ConfigureAwait(false))
            {
                LogEntry? log = part.FirstOrDefault(entry =>
                    entry.Address == portal.Address
                    && ContractCodec.Matches<OptimismPortal2.WithdrawalFinalizedEvent>(entry)
                    && entry.Topics[1] == hash);
                if (log is not null)
                {
                    return (
                        ContractCodec.DecodeEvent<OptimismPortal2.WithdrawalFinalizedEvent>(log).Success,
                        null);
                }
            }

            return (null, "The L1's node has no log entry of it.");
        }
        catch (ChainException error) when (
            error.Failure is ChainFailure.ErrorAnswer or ChainFailure.BadAnswer or ChainFailure.Abi)
        {
            return (null, error.Message);
        }
    }

    // By halving; blocks that the node no longer has are taken for earlier ones.
    private async Task<ulong> FirstBlockAsync(Block head, ulong second, CancellationToken cancellation)
    {
        ulong low = 0;
        ulong high = head.Number < ShortChainBlocks ? 0 : head.Number;
        while (low < high)
        {
            ulong middle = low + (high - low) / 2;
            Block? block = await contracts.Portal.Node
                .FindBlockAsync(middle, cancellation)
                .ConfigureAwait(false);
            if (block is null || block.Timestamp < second)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
