using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>Shows withdrawals on standard output, for people or as one JSON object on each line.</summary>
internal sealed class WithdrawalView(bool isJson)
{
    private readonly TextWriter _output = Console.Out;

    /// <summary>Shows how far a withdrawal is.</summary>
    /// <param name="initiated">The withdrawal.</param>
    /// <param name="status">How far it is.</param>
    /// <param name="sent">The transaction that was sent for it, if any.</param>
    /// <param name="index">Its place in its L2 transaction, from 0; null where it is not known.</param>
    public void ShowStatus(
        InitiatedWithdrawal initiated, WithdrawalStatus status, Bytes32? sent = null, int? index = null)
    {
        if (isJson)
        {
            JsonLine.Write(_output, WithdrawalLine.Of(initiated, status, sent, index));
            return;
        }

        string reason = status.Reason == BlockReason.None ? "" : $" ({status.Reason})";
        _output.WriteLine($"{initiated.Withdrawal.Hash}  {status.Stage}{reason}");
        _output.WriteLine($"  {status.Explanation}");
        if (status.ReadyAt is { } readyAt && status.Next == WithdrawalAction.Wait)
        {
            _output.WriteLine($"  ready at {DateTimeOffset.FromUnixTimeSeconds((long)readyAt):u}");
        }

        if (sent is { } hash)
        {
            _output.WriteLine($"  sent in {hash}");
        }
    }

    /// <summary>Shows a failure that does not end the run.</summary>
    public void ShowFailure(InitiatedWithdrawal initiated, ChainException error)
    {
        if (isJson)
        {
            JsonLine.Write(
                _output, new WithdrawalFailureLine(initiated.Withdrawal.Hash.ToString(), error.Message));
            return;
        }

        _output.WriteLine($"{initiated.Withdrawal.Hash}  {error.Message}");
    }
}
