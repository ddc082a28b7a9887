using System.Globalization;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// A node of an L2 of its own on a free loopback port, stopped with this object or with this process: the
/// program l2-node, as sequencer or as verifier. A sequencer makes blocks up to the time that it is told,
/// and one for transactions that wait. May be used from several threads at once.
/// </summary>
public sealed class L2Node : IAsyncDisposable
{
    private const string ListeningMark = "Listening on http://127.0.0.1:";

    // Far more than a node needs that works; one that does not says why.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitPause = TimeSpan.FromMilliseconds(4);

    private readonly NodeProcess _process;
    private readonly L2NodeOptions _options;
    private JsonRpcClient? _rpc;
    private EthereumNode? _node;

    private L2Node(NodeProcess process, L2NodeOptions options)
    {
        _process = process;
        _options = options;
    }

    /// <summary>The node's HTTP address.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The process id of the node itself.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The typed methods of Ethereum, closed with the node.</summary>
    public EthereumNode Node => _node!;

    /// <summary>The methods of a rollup's node.</summary>
    public RollupNode Rollup => new(_rpc!);

    /// <summary>The newest lines of its log.</summary>
    public IReadOnlyList<string> Log => _process.Complaints;

    /// <summary>
    /// Starts a node and returns when it answers. Throws <see cref="ChainException"/> when it ends early or
    /// does not answer before the deadline; no process is left then.
    /// </summary>
    public static async Task<L2Node> StartAsync(
        L2Program program, L2NodeOptions options, CancellationToken cancellation = default)
    {
        L2Node node = new(NodeProcess.Launch(program.Path, options.Arguments(), ListeningMark), options);
        try
        {
            using CancellationTokenSource deadline =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(options.StartDeadline);
            int port = await node._process.Port.WaitAsync(deadline.Token).ConfigureAwait(false);
            node.ProcessId = await node._process.NodeId.WaitAsync(deadline.Token).ConfigureAwait(false);
            node.Endpoint = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
            node._rpc = new JsonRpcClient(node.Endpoint);
            node._node = new EthereumNode(node._rpc);
            _ = await node._node.GetChainIdAsync(deadline.Token).ConfigureAwait(false);
            return node;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw new ChainException(
                ChainFailure.NodeStart,
                $"The L2's node did not answer within {options.StartDeadline.TotalSeconds:0.###} s.",
                error);
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes so many blocks now; the first takes the transactions that wait.</summary>
    public async Task MineAsync(int blockCount = 1, CancellationToken cancellation = default)
    {
        Block newest = await Node.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        await AdvanceToAsync(
            newest.Timestamp + ((ulong)blockCount * (ulong)_options.BlockSeconds), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Makes the blocks of so many seconds.</summary>
    public async Task AdvanceAsync(ulong seconds, CancellationToken cancellation = default)
    {
        Block newest = await Node.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        await AdvanceToAsync(newest.Timestamp + seconds, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes blocks up to a time, in seconds since 1970. They belong to the L1 blocks that are there.
    /// </summary>
    public Task AdvanceToAsync(ulong timestamp, CancellationToken cancellation = default) => WaitAsync(
        $"made blocks up to the time {timestamp}",
        timestamp,
        async () =>
        {
            Block newest = await Node
                .GetBlockAsync(BlockReference.Latest, cancellation)
                .ConfigureAwait(false);
            return newest.Timestamp + (ulong)_options.BlockSeconds > timestamp;
        },
        cancellation);

    /// <summary>
    /// Returns when the node has read L1 up to the newest block that L1 has now. Throws <see
    /// cref="ChainException"/> with the node's log when it does not.
    /// </summary>
    public async Task FollowL1Async(EthereumNode l1, CancellationToken cancellation = default)
    {
        Block head = await l1.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        await WaitAsync(
            $"read L1 up to block {head.Number}",
            0,
            async () =>
            {
                SyncStatus status = await Rollup.GetSyncStatusAsync(cancellation).ConfigureAwait(false);
                return status.CurrentL1.Hash == head.Hash || status.CurrentL1.Number > head.Number;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the node and waits until its process is gone; the folder stays.</summary>
    public async ValueTask DisposeAsync()
    {
        _node?.Dispose();
        _rpc?.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WaitAsync(
        string what, ulong timestamp, Func<Task<bool>> isDone, CancellationToken cancellation)
    {
        JsonRpcRequest request =
            JsonRpcRequest.Create("admin_sequenceUntil", Hex.FormatQuantity(timestamp));
        _ = await _rpc!.CallAsync(request, cancellation).ConfigureAwait(false);
        DateTime end = DateTime.UtcNow + WaitMax;
        while (!await isDone().ConfigureAwait(false))
        {
            if (DateTime.UtcNow > end)
            {
                throw new ChainException(
                    ChainFailure.Deadline,
                    $"The L2's node has not {what}. It said: "
                        + JsonText.Printable(string.Join(' ', Log.TakeLast(5))));
            }

            await Task.Delay(WaitPause, cancellation).ConfigureAwait(false);
        }
    }
}
