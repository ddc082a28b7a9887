using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Sending;

/// <summary>Signs with a key in memory.</summary>
public sealed class LocalSigner(PrivateKey key) : ISigner
{
    /// <inheritdoc/>
    public Address Address => key.Address;

    /// <inheritdoc/>
    public Task<SignedTransaction?> SignAsync(
        FeeMarketTransaction transaction, CancellationToken cancellation = default) =>
        Task.FromResult<SignedTransaction?>(transaction.Sign(key));
}
