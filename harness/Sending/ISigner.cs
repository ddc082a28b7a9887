using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Sending;

/// <summary>
/// An account that can send transactions: by a key in memory (<see cref="LocalSigner"/>), by a signer
/// elsewhere that holds the key (<see cref="RemoteSigner"/>), or because the node itself holds it (<see
/// cref="NodeAccount"/>). May be used from several threads at once.
/// </summary>
public interface ISigner
{
    /// <summary>The account.</summary>
    Address Address { get; }

    /// <summary>
    /// The same transaction with the account's signature; null when the node signs what it is given to
    /// send. Throws <see cref="ChainException"/> when it cannot be signed.
    /// </summary>
    Task<SignedTransaction?> SignAsync(
        FeeMarketTransaction transaction, CancellationToken cancellation = default);
}
