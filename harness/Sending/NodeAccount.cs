using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Sending;

/// <summary>An account whose key the node holds: it signs what eth_sendTransaction gives it.</summary>
public sealed class NodeAccount(Address address) : ISigner
{
    /// <inheritdoc/>
    public Address Address => address;

    /// <inheritdoc/>
    public Task<SignedTransaction?> SignAsync(
        FeeMarketTransaction transaction, CancellationToken cancellation = default) =>
        Task.FromResult<SignedTransaction?>(null);
}
