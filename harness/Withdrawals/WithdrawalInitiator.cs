using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Withdrawals;

/// <summary>Asks for withdrawals on L2, in the three ways there are.</summary>
/// <param name="contracts">The chain's contracts.</param>
/// <param name="sender">The account on L2 that withdraws; it stays the caller's.</param>
public sealed class WithdrawalInitiator(WithdrawalContracts contracts, TransactionSender sender)
{
    // Enough for any account and for the L1 contracts that unpack a bridge's message.
    private const uint GasLimit = 200_000;

    /// <summary>
    /// Withdraws ether straight by the message passer. Throws <see cref="ChainException"/>.
    /// </summary>
    public Task<InitiatedWithdrawal> WithdrawEtherAsync(
        Address target, BigInteger wei, byte[]? data = null, CancellationToken cancellation = default) =>
        SendAsync(
            contracts.MessagePasser,
            new L2ToL1MessagePasser.InitiateWithdrawalFunction
            {
                Target = target,
                GasLimit = GasLimit,
                Data = data ?? [],
            },
            wei,
            cancellation);

    /// <summary>Withdraws ether through the bridge. Throws <see cref="ChainException"/>.</summary>
    public Task<InitiatedWithdrawal> BridgeEtherAsync(
        Address receiver, BigInteger wei, CancellationToken cancellation = default) =>
        SendAsync(
            contracts.Bridge,
            new L2StandardBridge.BridgeETHToFunction { To = receiver, MinGasLimit = GasLimit },
            wei,
            cancellation);

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
            new L2StandardBridge.BridgeERC20ToFunction
            {
                LocalToken = l2Token,
                RemoteToken = l1Token,
                To = receiver,
                Amount = amount,
                MinGasLimit = GasLimit,
            },
            BigInteger.Zero,
            cancellation);

    private async Task<InitiatedWithdrawal> SendAsync(
        Contract contract, FunctionMessage request, BigInteger wei, CancellationToken cancellation)
    {
        CallRequest call = contract.Request(sender.Address, request, wei);
        TransactionReceipt receipt = await sender.SendAsync(call, cancellation).ConfigureAwait(false);
        IReadOnlyList<InitiatedWithdrawal> found =
            InitiatedWithdrawal.In(contracts.MessagePasser, receipt.Logs);
        return found.Count == 1
            ? found[0]
            : throw new ChainException(
                ChainFailure.BadAnswer, $"A withdrawal left {found.Count} messages in its receipt.");
    }
}
