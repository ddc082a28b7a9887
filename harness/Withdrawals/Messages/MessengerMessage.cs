using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>
/// The message inside a withdrawal that the L2's messenger asked for, as the L1's messenger is called with it
/// (source: OP Stack specification, messengers).
/// </summary>
/// <param name="Nonce">The messenger's number of it, with the version in the top two bytes.</param>
/// <param name="Sender">Who sent it on L2; the bridge for whatever goes through it.</param>
/// <param name="Target">Who is called on L1.</param>
/// <param name="Value">Wei that the target gets.</param>
/// <param name="GasLimit">Gas that the target gets at least.</param>
/// <param name="Data">The target's calldata.</param>
internal sealed record MessengerMessage(
    BigInteger Nonce,
    Address Sender,
    Address Target,
    BigInteger Value,
    BigInteger GasLimit,
    ReadOnlyMemory<byte> Data)
{
    /// <summary>What the L1's messenger knows it by: the Keccak-256 of its call.</summary>
    public Bytes32 Hash => Bytes32.Keccak256(ContractCodec.EncodeCall(Relay));

    /// <summary>The call of the L1's messenger that delivers it.</summary>
    public L1CrossDomainMessenger.RelayMessageFunction Relay => new()
    {
        NonceArgument = Nonce,
        Sender = Sender,
        Target = Target,
        Value = Value,
        MinGasLimit = GasLimit,
        Message = Data.ToArray(),
    };

    /// <summary>The message in a withdrawal; null in one that did not go through the messenger.</summary>
    /// <param name="withdrawal">The withdrawal.</param>
    /// <param name="l2Messenger">The L2's messenger.</param>
    public static MessengerMessage? In(Withdrawal withdrawal, Address l2Messenger)
    {
        if (withdrawal.Sender != l2Messenger
            || ContractCodec.TryDecodeCall<L1CrossDomainMessenger.RelayMessageFunction>(withdrawal.Data)
                is not { } relay)
        {
            return null;
        }

        return new MessengerMessage(
            relay.NonceArgument,
            relay.Sender,
            relay.Target,
            relay.Value,
            relay.MinGasLimit,
            relay.Message);
    }
}
