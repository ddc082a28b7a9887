using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Asks why a withdrawal's money would not arrive. The portal and the messenger swallow the reason: the
/// innermost call is made alone, from the contract that would make it.
/// </summary>
internal sealed class RefusalProbe(WithdrawalContracts contracts)
{
    /// <summary>The reason as one sentence, as far as it can be found out.</summary>
    /// <param name="parties">The withdrawal.</param>
    /// <param name="isExecuted">Whether the portal has executed it: only the messenger is left.</param>
    /// <param name="block">The block to ask at.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<string> AskAsync(
        WithdrawalParties parties, bool isExecuted, BlockReference block, CancellationToken cancellation)
    {
        CallRequest call = Innermost(parties);
        try
        {
            if (!isExecuted
                && await LacksEtherAsync(parties, block, cancellation).ConfigureAwait(false))
            {
                return $"The portal {contracts.Portal.Address} does not hold the withdrawal's ether.";
            }

            CallOutcome outcome = await contracts.Portal.Node
                .CallFundedAsync(call, block, cancellation)
                .ConfigureAwait(false);
            return outcome.IsReverted
                ? $"{call.To} refuses the call: {RevertReason.Decode(outcome.Data)}."
                : $"{call.To} takes the call when it is made alone, but not by this way.";
        }
        catch (JsonRpcException error)
        {
            return $"The call of {call.To} cannot be made: {error.Error.Message}.";
        }
    }

    // Portals from version 4 on keep their ether elsewhere, and revert themselves when there is too little.
    private async Task<bool> LacksEtherAsync(
        WithdrawalParties parties, BlockReference block, CancellationToken cancellation)
    {
        string version = (await contracts.Portal
            .ReadAsync(new OptimismPortal2.VersionFunction(), block, cancellation)
            .ConfigureAwait(false)).Value;
        return PortalVersions.RulesOf(version) != PortalRules.Registry
            && parties.Withdrawal.Value > await contracts.Portal.Node
                .GetBalanceAsync(contracts.Portal.Address, block, cancellation)
                .ConfigureAwait(false);
    }

    private CallRequest Innermost(WithdrawalParties parties) => parties switch
    {
        { Message: { } message, Transfer: { IsEther: true } ether } =>
            Call(message.Target, ether.To, message.Value, default),
        { Message: { } message } =>
            Call(parties.Withdrawal.Target, message.Target, message.Value, message.Data),
        _ => Call(
            contracts.Portal.Address,
            parties.Withdrawal.Target,
            parties.Withdrawal.Value,
            parties.Withdrawal.Data),
    };

    private static CallRequest Call(
        Address from, Address to, BigInteger wei, ReadOnlyMemory<byte> data) =>
        new() { From = from, To = to, Value = wei, Data = data };
}
