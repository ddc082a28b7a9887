using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host.Blobs;

/// <summary>
/// A beacon node and what checks its blobs, in one: nothing is asked or started before a blob is.
/// </summary>
public sealed class BlobSource : IDisposable
{
    private readonly BeaconNode _beacon;
    private readonly KzgProcess? _kzg;

    /// <summary>Uses a beacon node and an L1 node, which stays the caller's.</summary>
    /// <param name="endpoint">The beacon node.</param>
    /// <param name="l1">Verifies proofs.</param>
    /// <param name="deadline">Longest time that one answer takes.</param>
    public BlobSource(BeaconEndpoint endpoint, EthereumNode l1, TimeSpan deadline)
    {
        _beacon = new BeaconNode(endpoint.Address, deadline);
        _kzg = FindKzg();
        Blobs = new BlobFetcher(_beacon, l1, _kzg, endpoint.NamesBlocksByNumber);
    }

    /// <summary>Gets blobs and checks them.</summary>
    public BlobFetcher Blobs { get; }

    /// <summary>Ends the process and the connections.</summary>
    public void Dispose()
    {
        _beacon.Dispose();
        _kzg?.Dispose();
    }

    // Only beacon nodes that give no proofs need it.
    private static KzgProcess? FindKzg()
    {
        try
        {
            return new KzgProcess(NodePackages.Locate());
        }
        catch (ChainException)
        {
            return null;
        }
    }
}
