using System.Text;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>A local node as an indexer that is behind sees it: its newest block is an older one.</summary>
internal sealed class LaggingNode : IDisposable
{
    private readonly JsonRpcClient _rpc;
    private ulong _newest;

    /// <summary>Sees the node's chain up to a block.</summary>
    public LaggingNode(IL2Chain chain, ulong newest)
    {
        _newest = newest;
        _rpc = new JsonRpcClient(chain.Endpoint, wrap: inner => new Handler(this, inner));
        Node = new EthereumNode(_rpc);
    }

    /// <summary>The view.</summary>
    public EthereumNode Node { get; }

    /// <summary>Lets it see up to a block.</summary>
    public void CatchUpTo(ulong newest) => Volatile.Write(ref _newest, newest);

    /// <summary>Closes the view; the node stays.</summary>
    public void Dispose()
    {
        Node.Dispose();
        _rpc.Dispose();
    }

    private sealed class Handler(LaggingNode owner, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body =
                await request.Content!.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            string newest = Hex.FormatQuantity(Volatile.Read(ref owner._newest));
            request.Content = new StringContent(
                body.Replace("\"latest\"", $"\"{newest}\"", StringComparison.Ordinal),
                Encoding.UTF8,
                "application/json");
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
