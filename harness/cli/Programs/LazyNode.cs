using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;

namespace Culverin.Harness.Cli.Programs;

/// <summary>
/// The L1 node that was given, or a local one of its own that is started when it is first needed.
/// </summary>
internal sealed class LazyNode : IAsyncDisposable
{
    private readonly EthereumNode? _given;
    private Anvil? _local;

    /// <summary>Uses the node at an address, or a local one.</summary>
    public LazyNode(Uri? address)
    {
        _given = address is null ? null : new EthereumNode(new JsonRpcClient(address));
    }

    /// <summary>The node; the same each time.</summary>
    public async Task<EthereumNode> GetAsync(CancellationToken cancellation)
    {
        if (_given is not null)
        {
            return _given;
        }

        _local ??= await Anvil
            .StartAsync(NodePackages.Locate(), cancellation: cancellation)
            .ConfigureAwait(false);
        return _local.Node;
    }

    /// <summary>Closes the connection, and ends a node of its own.</summary>
    public async ValueTask DisposeAsync()
    {
        _given?.Dispose();
        if (_local is not null)
        {
            await _local.DisposeAsync().ConfigureAwait(false);
        }
    }
}
