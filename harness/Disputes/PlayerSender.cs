using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Sends the transactions of one round, or only tells them, and keeps what became of each.
/// </summary>
internal sealed class PlayerSender(GameClient client, PlayerOptions options)
{
    private readonly List<PlayerDeed> _deeds = [];
    private readonly List<PlayerIntent> _intents = [];
    private readonly List<PlayerWait> _waits = [];

    internal IReadOnlyList<PlayerDeed> Deeds => _deeds;

    internal IReadOnlyList<PlayerIntent> Intents => _intents;

    internal IReadOnlyList<PlayerWait> Waits => _waits;

    internal GameClient Client => client;

    internal bool IsDryRun => options.IsDryRun;

    internal void Wait(int? claimIndex, string reason, ulong? until = null) =>
        _waits.Add(new PlayerWait(claimIndex, reason, until));

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

            TransactionReceipt receipt = await client.SendAsync(call, cancellation).ConfigureAwait(false);
            _deeds.Add(new PlayerDeed(intent, receipt));
            return true;
        }
        catch (RevertedException error)
        {
            if (error.Receipt is { } receipt)
            {
                _deeds.Add(new PlayerDeed(intent, receipt));
            }

            if (GameErrors.MeansDone(error))
            {
                return true;
            }

            _intents.Add(intent);
            Wait(intent.ClaimIndex, $"The contract does not take it now. {error.Message}");
            return false;
        }
        catch (ChainException error) when (IsWantOfFunds(error))
        {
            _intents.Add(intent);
            Wait(
                intent.ClaimIndex,
                $"{client.Account} cannot pay for the gas: it waits for money. {error.Message}");
            return false;
        }
    }

    private async Task<bool> IsAffordableAsync(PlayerIntent intent, CancellationToken cancellation)
    {
        if (intent.BondWei.IsZero)
        {
            return true;
        }

        BigInteger balance = await client.Contract.Node
            .GetBalanceAsync(client.Account, cancellation: cancellation)
            .ConfigureAwait(false);
        if (balance > intent.BondWei)
        {
            return true;
        }

        _intents.Add(intent);
        Wait(
            intent.ClaimIndex,
            $"{client.Account} owns {balance} wei, but the bond alone is {intent.BondWei}: it waits for "
                + "money.");
        return false;
    }

    private async Task<PlayerIntent> EstimateAsync(
        PlayerIntent intent, CallRequest call, CancellationToken cancellation)
    {
        ulong gas = await client.EstimateGasAsync(call, cancellation).ConfigureAwait(false);
        Block newest = await client.Contract.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        return intent with { Gas = gas, GasCostWei = gas * newest.Header.BaseFeePerGas };
    }

    private static bool IsWantOfFunds(ChainException error) =>
        error.Failure == ChainFailure.Funds
        || error is JsonRpcException { Refusal: TransactionRefusal.InsufficientFunds };
}
