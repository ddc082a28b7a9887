using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Sending;

/// <summary>
/// Lets another service sign by eth_signTransaction: a node, or a signer that guards keys. Both answers in
/// use are read: the encoded transaction, or an object that has it under "raw". What comes back is
/// trusted no further than it can be checked: it must be the transaction that was asked for, signed by the
/// account.
/// </summary>
public sealed class RemoteSigner(JsonRpcClient rpc, Address address) : ISigner
{
    /// <inheritdoc/>
    public Address Address => address;

    /// <inheritdoc/>
    public async Task<SignedTransaction?> SignAsync(
        FeeMarketTransaction transaction, CancellationToken cancellation = default)
    {
        JsonRpcRequest request = new(
            "eth_signTransaction", writer => TransactionJson.Write(writer, address, transaction));
        JsonElement answer = await rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        if (answer.ValueKind == JsonValueKind.Object)
        {
            answer = new JsonObject(answer, "signed transaction").Get("raw");
        }

        Transaction decoded = Transaction.Decode(Hex.Read(answer));
        if (decoded is not FeeMarketTransaction signed
            || signed.SigningHash != transaction.SigningHash
            || signed.RecoverSender() != address)
        {
            throw new ChainException(
                ChainFailure.Signature, "The remote signer signed another transaction, or by another key.");
        }

        return signed;
    }
}
