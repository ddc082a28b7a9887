using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Takes withdrawals to their end without anyone: proves each as soon as a game serves, again when its game
/// fails, and pays it out when the delays are over. Everything it knows is on the chains, so that it may be
/// stopped at any time and started again.
/// </summary>
/// <param name="client">What proves and pays.</param>
public sealed class WithdrawalWatcher(WithdrawalClient client)
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
            _ = await client.FinalizeAsync(initiated, cancellation: cancellation).ConfigureAwait(false);
        }

        return status;
    }

    /// <summary>
    /// Watches withdrawals until all are paid out or it is cancelled. A failure of a node is told, and the
    /// watch goes on.
    /// </summary>
    /// <param name="initiated">The withdrawals.</param>
    /// <param name="pause">The wait between two looks.</param>
    /// <param name="onStatus">Gets each status of each withdrawal, changed or not.</param>
    /// <param name="onFailure">Gets each failure; the withdrawal is looked at again later.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public async Task RunAsync(
        IReadOnlyList<InitiatedWithdrawal> initiated,
        TimeSpan pause,
        Action<InitiatedWithdrawal, WithdrawalStatus> onStatus,
        Action<InitiatedWithdrawal, ChainException> onFailure,
        CancellationToken cancellation)
    {
        List<InitiatedWithdrawal> pending = [.. initiated];
        while (true)
        {
            foreach (InitiatedWithdrawal each in pending.ToArray())
            {
                try
                {
                    WithdrawalStatus status = await AdvanceAsync(each, cancellation).ConfigureAwait(false);
                    onStatus(each, status);
                    if (status.Stage == WithdrawalStage.Finalized)
                    {
                        _ = pending.Remove(each);
                    }
                }
                catch (ChainException error)
                {
                    onFailure(each, error);
                }
            }

            if (pending.Count == 0)
            {
                return;
            }

            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }
}
