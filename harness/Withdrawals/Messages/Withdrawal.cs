using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>
/// A message from L2 to L1 as the portal executes it (source: OP Stack specification, withdrawals).
/// </summary>
/// <param name="Nonce">The message passer's number of it, with the version in the top two bytes.</param>
/// <param name="Sender">Who asked for it on L2; the L2 messenger for whatever goes through a bridge.</param>
/// <param name="Target">Who is called on L1.</param>
/// <param name="Value">Wei that the target gets.</param>
/// <param name="GasLimit">Gas that the target gets at least.</param>
/// <param name="Data">The target's calldata.</param>
public sealed record Withdrawal(
    BigInteger Nonce,
    Address Sender,
    Address Target,
    BigInteger Value,
    BigInteger GasLimit,
    ReadOnlyMemory<byte> Data)
{
    /// <summary>What both chains know it by: the Keccak-256 of its ABI encoding.</summary>
    public Bytes32 Hash => Bytes32.Keccak256(ContractCodec.EncodeArguments(Transaction));

    /// <summary>
    /// The message passer's storage slot that holds 1 for it: the entry of the contract's first mapping.
    /// </summary>
    public Bytes32 Slot => Bytes32.Keccak256([.. Hash.ToArray(), .. new byte[Bytes32.SizeBytes]]);

    /// <summary>The portal's argument.</summary>
    internal OptimismPortal2.WithdrawalTransaction Transaction => new()
    {
        NonceArgument = Nonce,
        Sender = Sender,
        Target = Target,
        Value = Value,
        GasLimit = GasLimit,
        Data = Data.ToArray(),
    };
}
