using Culverin.Harness.Rpc;

namespace Culverin.Harness.Local;

/// <summary>
/// An L2 of one's own, whatever makes its blocks: each is a fixed number of seconds after its parent, and
/// one is made at once for transactions that come. May be used from several threads at once.
/// </summary>
public interface IL2Chain : IAsyncDisposable
{
    /// <summary>The node's HTTP address.</summary>
    Uri Endpoint { get; }

    /// <summary>The typed methods of the node, closed with it.</summary>
    EthereumNode Node { get; }

    /// <summary>Makes so many blocks now; they take the transactions that wait.</summary>
    Task MineAsync(int blockCount = 1, CancellationToken cancellation = default);

    /// <summary>Lets the time of the newest block go on by so many seconds.</summary>
    Task AdvanceAsync(ulong seconds, CancellationToken cancellation = default);

    /// <summary>Remembers the chain as it is.</summary>
    Task<ChainSnapshot> RememberAsync(CancellationToken cancellation = default);

    /// <summary>Goes back to what was remembered, any number of times; later moments are gone.</summary>
    Task GoBackAsync(ChainSnapshot snapshot, CancellationToken cancellation = default);
}
