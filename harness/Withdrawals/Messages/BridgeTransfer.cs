using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>What a message of an L2 bridge to its other side on L1 hands over.</summary>
/// <param name="IsEther">Whether it is ether and no token.</param>
/// <param name="From">Who gave it to the bridge on L2.</param>
/// <param name="To">Who is to get it on L1.</param>
internal sealed record BridgeTransfer(bool IsEther, Address From, Address To)
{
    private static readonly Address[] Bridges =
    [
        Address.Parse("0x4200000000000000000000000000000000000010"),
        Address.Parse("0x4200000000000000000000000000000000000014"),
    ];

    /// <summary>
    /// The transfer in a message; null in one that is no bridge's. Anyone may write such calldata: only the
    /// bridges' own messages count.
    /// </summary>
    public static BridgeTransfer? In(MessengerMessage message)
    {
        if (!Bridges.Contains(message.Sender))
        {
            return null;
        }

        if (ContractCodec.TryDecodeCall<L1StandardBridge.FinalizeBridgeETHFunction>(message.Data)
            is { } ether)
        {
            return new BridgeTransfer(true, ether.From, ether.To);
        }

        if (ContractCodec.TryDecodeCall<L1StandardBridge.FinalizeBridgeERC20Function>(message.Data)
            is { } tokens)
        {
            return new BridgeTransfer(false, tokens.From, tokens.To);
        }

        return ContractCodec.TryDecodeCall<L1ERC721Bridge.FinalizeBridgeERC721Function>(message.Data)
            is { } token
                ? new BridgeTransfer(false, token.From, token.To)
                : null;
    }
}
