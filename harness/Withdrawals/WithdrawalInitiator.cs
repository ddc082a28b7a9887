using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>Asks for withdrawals on L2, in the three ways there are.</summary>
/// <param name="contracts">The chain's contracts.</param>
/// <param name="sender">The account on L2 that withdraws; it stays the caller's.</param>
public sealed class WithdrawalInitiator(WithdrawalContracts contracts, TransactionSender sender)
{
    // Enough for any account and for the L1 contracts that unpack a bridge's message.
    private const ulong GasLimit = 200_000;

    /// <summary>
    /// Withdraws ether straight by the message passer. Throws <see cref="ChainException"/>.
    /// </summary>
    public Task<InitiatedWithdrawal> WithdrawEtherAsync(
        Address target, BigInteger wei, byte[]? data = null, CancellationToken cancellation = default) =>
        SendAsync(
            contracts.MessagePasser, "initiateWithdrawal", [target, GasLimit, data ?? []], wei, cancellation);

    /// <summary>Withdraws ether through the bridge. Throws <see cref="ChainException"/>.</summary>
    public Task<InitiatedWithdrawal> BridgeEtherAsync(
        Address receiver, BigInteger wei, CancellationToken cancellation = default) =>
        SendAsync(
            contracts.Bridge, "bridgeETHTo", [receiver, GasLimit, Array.Empty<byte>()], wei, cancellation);

    /// <summary>
    /// Withdraws an ERC-20 token through the bridge, which must be allowed to take or burn it. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    /// <param name="l2Token">The token on L2.</param>
    /// <param name="l1Token">Its other side.</param>
    /// <param name="receiver">Who gets it on L1.</param>
    /// <param name="amount">In the token's smallest unit.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<InitiatedWithdrawal> BridgeTokenAsync(
        Address l2Token,
        Address l1Token,
        Address receiver,
        BigInteger amount,
        CancellationToken cancellation = default) =>
        SendAsync(
            contracts.Bridge,
            "bridgeERC20To",
            [l2Token, l1Token, receiver, amount, GasLimit, Array.Empty<byte>()],
            BigInteger.Zero,
            cancellation);

    private async Task<InitiatedWithdrawal> SendAsync(
        Contract contract,
        string function,
        AbiValue[] arguments,
        BigInteger wei,
        CancellationToken cancellation)
    {
        CallRequest call = contract.Request(sender.Address, function, arguments, wei);
        TransactionReceipt receipt = await sender
            .SendAsync(call, [contract.Abi], cancellation)
            .ConfigureAwait(false);
        IReadOnlyList<InitiatedWithdrawal> found =
            InitiatedWithdrawal.In(contracts.MessagePasser, receipt.Logs);
        return found.Count == 1
            ? found[0]
            : throw new ChainException(
                ChainFailure.BadAnswer, $"A withdrawal left {found.Count} messages in its receipt.");
    }
}
