using System.Numerics;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli;

/// <summary>The account that sends transactions on L1, if any.</summary>
/// <param name="Sender">The account; null where none is named.</param>
/// <param name="KeyFile">A file with the account's key in hexadecimal; null for other signers.</param>
/// <param name="Signer">A remote signer; null lets the L1's node sign.</param>
/// <param name="MaxFeeWei">Most wei that are offered for a unit of gas, tip included.</param>
internal sealed record AccountSettings(
    Address? Sender, string? KeyFile, Uri? Signer, BigInteger MaxFeeWei)
{
    /// <summary>
    /// The sender; null where no account is named. Throws <see cref="CulverinException"/> when the key is
    /// malformed or another account's, and the exceptions of files.
    /// </summary>
    /// <param name="l1">The node to send to.</param>
    /// <param name="signer">A connection to <see cref="Signer"/>, where there is one.</param>
    public TransactionSender? MakeSender(EthereumNode l1, JsonRpcClient? signer)
    {
        TransactionSenderOptions options = new() { MaxFeePerGasLimit = MaxFeeWei };
        if (KeyFile is not null)
        {
            PrivateKey key = PrivateKey.Parse(File.ReadAllText(KeyFile).Trim());
            return Sender is { } expected && expected != key.Address
                ? throw new CulverinException(
                    ErrorCode.InvalidArgument, $"The key in '{KeyFile}' is that of {key.Address}.")
                : new TransactionSender(l1, new LocalSigner(key), options);
        }

        return Sender is { } sender
            ? new TransactionSender(
                l1,
                signer is null ? new NodeAccount(sender) : new RemoteSigner(signer, sender),
                options)
            : null;
    }
}
