using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Sends the transactions of one round, or only tells them, and keeps what became of each.
/// </summary>
/// <param name="contract">What the round is about; its node sends.</param>
/// <param name="sender">The account.</param>
/// <param name="options">Whether it is a dry run.</param>
internal sealed class PlayerSender(Contract contract, TransactionSender sender, PlayerOptions options)
{
    private readonly List<PlayerAction> _actions = [];
    private readonly List<PlayerIntent> _intents = [];
    private readonly List<PlayerWait> _waits = [];
    private readonly List<string> _warnings = [];

    internal IReadOnlyList<PlayerAction> Actions => _actions;

    internal IReadOnlyList<PlayerIntent> Intents => _intents;

    internal IReadOnlyList<PlayerWait> Waits => _waits;

    internal IReadOnlyList<string> Warnings => _warnings;

    internal bool IsDryRun => options.IsDryRun;

    internal void Wait(int? claimIndex, string reason, ulong? until = null) =>
        _waits.Add(new PlayerWait(claimIndex, reason, until));

    internal void Warn(string text) => _warnings.Add(text);

    /// <summary>
    /// True when what the transaction is for is so afterwards: it is in a block, or the contract says that
    /// somebody has done the same before. A want of money and a refusal by the contract are kept, and false.
    /// </summary>
    /// <param name="intent">What it is for.</param>
    /// <param name="call">The transaction.</param>
    /// <param name="canEstimate">Whether the contract would take it now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<bool> SendAsync(
        PlayerIntent intent, CallRequest call, bool canEstimate, CancellationToken cancellation)
    {
        try
        {
            if (!await IsAffordableAsync(intent, cancellation).ConfigureAwait(false))
            {
                return false;
            }

            if (IsDryRun)
            {
                _intents.Add(canEstimate
                    ? await EstimateAsync(intent, call, cancellation).ConfigureAwait(false)
                    : intent);
                return false;
            }

            TransactionReceipt receipt = await sender.SendAsync(call, cancellation).ConfigureAwait(false);
            _actions.Add(new PlayerAction(intent, receipt));
            return true;
        }
        catch (RevertedException error)
        {
            if (error.Receipt is { } receipt)
            {
                _actions.Add(new PlayerAction(intent, receipt));
            }

            if (GameErrors.MeansDone(error))
            {
                return true;
            }

            _intents.Add(intent);
            Wait(intent.ClaimIndex, $"The contract does not take it now. {error.Message}");
            return false;
        }
        catch (ChainException error) when (error.Failure == ChainFailure.FeeLimit)
        {
            _intents.Add(intent);
            Wait(
                intent.ClaimIndex,
                $"L1's fees are above the limit: it waits for lower ones. {error.Message}");
            Warn($"What is due is not sent because of the limit of fees. {error.Message}");
            return false;
        }
        catch (ChainException error) when (IsWantOfFunds(error))
        {
            _intents.Add(intent);
            Wait(
                intent.ClaimIndex,
                $"{sender.Address} cannot pay for the gas: it waits for money. {error.Message}");
            return false;
        }
    }

    private async Task<bool> IsAffordableAsync(PlayerIntent intent, CancellationToken cancellation)
    {
        if (intent.BondWei.IsZero)
        {
            return true;
        }

        BigInteger balance = await contract.Node
            .GetBalanceAsync(sender.Address, cancellation: cancellation)
            .ConfigureAwait(false);
        if (balance > intent.BondWei)
        {
            return true;
        }

        _intents.Add(intent);
        Wait(
            intent.ClaimIndex,
            $"{sender.Address} owns {balance} wei, but the bond alone is {intent.BondWei}: it waits for "
                + "money.");
        return false;
    }

    private async Task<PlayerIntent> EstimateAsync(
        PlayerIntent intent, CallRequest call, CancellationToken cancellation)
    {
        ulong gas = await contract.Node.EstimateGasAsync(call, cancellation).ConfigureAwait(false);
        Block newest = await contract.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        return intent with { Gas = gas, GasCostWei = gas * newest.Header.BaseFeePerGas };
    }

    private static bool IsWantOfFunds(ChainException error) =>
        error.Failure == ChainFailure.Funds
        || error is JsonRpcException { Refusal: TransactionRefusal.InsufficientFunds };
}
