using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Chain;

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
