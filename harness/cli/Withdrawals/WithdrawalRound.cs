using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Reading;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>
/// Does one thing for each withdrawal of a transaction. One that is not due, or fails, does not keep the
/// others from it; the exit code tells the worst.
/// </summary>
/// <param name="reader">Reads how far a withdrawal is.</param>
/// <param name="view">Shows it.</param>
/// <param name="act">Sends the transaction and returns its hash.</param>
/// <param name="isDone">
/// Whether there is nothing to do at this status; always so when the money has arrived.
/// </param>
internal sealed class WithdrawalRound(
    WithdrawalReader reader,
    WithdrawalView view,
    Func<InitiatedWithdrawal, Task<Bytes32>> act,
    Func<WithdrawalStatus, bool> isDone)
{
    private readonly List<int> _codes = [];

    /// <summary>Does it, and returns the exit code of the run.</summary>
    public async Task<int> RunAsync(
        IReadOnlyList<(int Index, InitiatedWithdrawal Withdrawal)> chosen, CancellationToken cancellation)
    {
        foreach ((int index, InitiatedWithdrawal each) in chosen)
        {
            _codes.Add(await TryActAsync(index, each, cancellation).ConfigureAwait(false));
        }

        // The first of these that happened: what failed may be anything, and wants to be looked at.
        foreach (int code in new[] { ExitCodes.Error, ExitCodes.Undelivered, ExitCodes.NotDue })
        {
            if (_codes.Contains(code))
            {
                return code;
            }
        }

        return ExitCodes.Success;
    }

    private async Task<int> TryActAsync(
        int index, InitiatedWithdrawal withdrawal, CancellationToken cancellation)
    {
        try
        {
            Bytes32 sent = await act(withdrawal).ConfigureAwait(false);
            WithdrawalStatus status = await reader
                .ReadAsync(withdrawal, cancellation: cancellation)
                .ConfigureAwait(false);
            view.ShowStatus(withdrawal, status, sent, index);
            return CodeOf(status, ExitCodes.Success);
        }
        catch (NotReadyException error)
        {
            view.ShowStatus(withdrawal, error.Status, index: index);
            bool isAlready = error.Status.Stage == WithdrawalStage.Finalized || isDone(error.Status);
            int code = CodeOf(error.Status, isAlready ? ExitCodes.Success : ExitCodes.NotDue);
            if (code == ExitCodes.NotDue)
            {
                Program.Complain(error.Message);
            }

            return code;
        }
        catch (ChainException error)
        {
            Program.Complain(error.Message);
            view.ShowFailure(withdrawal, error);
            return error is RefusedDeliveryException ? ExitCodes.Undelivered : ExitCodes.Error;
        }
    }

    private static int CodeOf(WithdrawalStatus status, int otherwise)
    {
        if (status.Stage != WithdrawalStage.Undelivered)
        {
            return otherwise;
        }

        Program.Complain(status.Explanation);
        return ExitCodes.Undelivered;
    }
}
