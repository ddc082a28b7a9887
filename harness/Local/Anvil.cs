using System.Globalization;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// A local Ethereum node of its own on a free loopback port, silent, stopped with this object or with this
/// process.
/// </summary>
public sealed partial class Anvil : IL2Chain
{
    private const string ListeningMark = "Listening on 127.0.0.1:";

    private readonly NodeProcess _process;
    private readonly SemaphoreSlim _blockMaking = new(1);
    private JsonRpcClient? _rpc;
    private EthereumNode? _node;
    private int _isStopped;

    private Anvil(NodeProcess process)
    {
        _process = process;
    }

    /// <summary>The node's HTTP address.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The process id of the node itself.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The typed methods of the node, closed with it.</summary>
    public EthereumNode Node => _node!;

    /// <summary>
    /// Starts a node and returns when it answers. Throws <see cref="ChainException"/> when the executable
    /// is missing, ends early, or does not answer before the deadline; no process is left then.
    /// </summary>
    public static async Task<Anvil> StartAsync(
        NodePackages packages, AnvilOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new AnvilOptions();
        Anvil anvil = new(
            NodeProcess.Launch(packages.Executable("anvil"), options.Arguments(), ListeningMark));
        try
        {
            using CancellationTokenSource deadline =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(options.StartDeadline);
            int port = await anvil._process.Port.WaitAsync(deadline.Token).ConfigureAwait(false);
            anvil.ProcessId = await anvil._process.NodeId.WaitAsync(deadline.Token).ConfigureAwait(false);
            anvil.Endpoint = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
            anvil._rpc = new JsonRpcClient(anvil.Endpoint);
            anvil._node = new EthereumNode(anvil._rpc);
            _ = await anvil._node.GetChainIdAsync(deadline.Token).ConfigureAwait(false);
            return anvil;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw new ChainException(
                ChainFailure.NodeStart,
                $"The local node did not answer within {options.StartDeadline.TotalSeconds:0.###} s.",
                error);
        }
        catch
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends many transactions into one block and returns their receipts in the order given; those of one
    /// sender take place in that order. Throws <see cref="ChainException"/> like <see
    /// cref="EthereumNode.SendAsync"/>.
    /// </summary>
    public Task<IReadOnlyList<TransactionReceipt>> SendInOneBlockAsync(
        IReadOnlyList<CallRequest> calls, CancellationToken cancellation = default) =>
        InOneBlockAsync(() => Node.SubmitManyAsync(calls, cancellation), cancellation);

    /// <summary>Ends the node and waits until its process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        _node?.Dispose();
        _rpc?.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
        _blockMaking.Dispose();
    }
}
