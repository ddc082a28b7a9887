using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Takes withdrawals to their end without anyone: proves each as soon as a game serves, again when its game
/// fails, and pays it out when the delays are over. Everything it knows is on the chains, so that it may be
/// stopped at any time and started again.
/// </summary>
/// <param name="client">What proves and pays.</param>
/// <param name="acceptsLoss">Whether to execute withdrawals even when the money would not arrive.</param>
public sealed class WithdrawalWatcher(WithdrawalClient client, bool acceptsLoss = false)
{
    /// <summary>
    /// Does what is due for one withdrawal, and returns the status that it found before. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public async Task<WithdrawalStatus> AdvanceAsync(
        InitiatedWithdrawal initiated, CancellationToken cancellation = default)
    {
        WithdrawalStatus status = await client.Reader
            .ReadAsync(initiated, cancellation: cancellation)
            .ConfigureAwait(false);
        if (status.Next == WithdrawalAction.Prove)
        {
            _ = await client.ProveAsync(initiated, cancellation).ConfigureAwait(false);
        }
        else if (status.Next == WithdrawalAction.Finalize)
        {
            // What became of the money is asked at the next look, which needs no memory of this one.
            _ = await client
                .FinalizeAsync(initiated, null, acceptsLoss, cancellation)
                .ConfigureAwait(false);
        }
        else if (status.Next == WithdrawalAction.Replay)
        {
            _ = await client.ReplayAsync(initiated, cancellation: cancellation).ConfigureAwait(false);
        }

        return status;
    }

    /// <summary>
    /// Watches withdrawals until all are executed or it is cancelled, and returns those whose money did not
    /// arrive and will not by itself. A failure of a node is told, and the watch goes on.
    /// </summary>
    /// <param name="initiated">The withdrawals.</param>
    /// <param name="pause">The wait between two looks.</param>
    /// <param name="onStatus">Gets each status of each withdrawal, changed or not.</param>
    /// <param name="onFailure">Gets each failure; the withdrawal is looked at again later.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public async Task<IReadOnlyList<InitiatedWithdrawal>> RunAsync(
        IReadOnlyList<InitiatedWithdrawal> initiated,
        TimeSpan pause,
        Action<InitiatedWithdrawal, WithdrawalStatus> onStatus,
        Action<InitiatedWithdrawal, ChainException> onFailure,
        CancellationToken cancellation)
    {
        List<InitiatedWithdrawal> pending = [.. initiated];
        List<InitiatedWithdrawal> lost = [];
        while (true)
        {
            foreach (InitiatedWithdrawal each in pending.ToArray())
            {
                try
                {
                    WithdrawalStatus status = await AdvanceAsync(each, cancellation).ConfigureAwait(false);
                    onStatus(each, status);
                    if (status.IsFinal)
                    {
                        _ = pending.Remove(each);
                    }

                    if (status.IsFinal && status.Stage == WithdrawalStage.Undelivered)
                    {
                        lost.Add(each);
                    }
                }
                catch (ChainException error)
                {
                    onFailure(each, error);
                }
            }

            if (pending.Count == 0)
            {
                return lost;
            }

            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }
}
