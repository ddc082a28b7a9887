using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>The connections of one run.</summary>
internal sealed class GameSession : IDisposable
{
    // The letter before the toy machine's first.
    private static readonly BigInteger FirstLetter = 'a' - 1;

    private readonly GameSettings _settings;
    private readonly List<IDisposable> _owned = [];
    private readonly EthereumNode[] _l1;
    private readonly EthereumNode[] _l2;
    private readonly ulong _l2ChainId;
    private readonly OutputNodes? _outputs;

    /// <summary>
    /// Makes the connections without using them. Throws <see cref="CulverinException"/>, and the exceptions
    /// of files.
    /// </summary>
    public GameSession(GameSettings settings)
    {
        _settings = settings;
        _l1 = [.. settings.L1.Select(Connect)];
        _l2 = [.. settings.L2.Select(Connect)];
        Contracts = DisputeContracts.At(_l1[0], settings.Factory);
        if (settings.RollupFile is { } path && _l2.Length > 0 && settings.RollupNodes.Count > 0)
        {
            _l2ChainId = ProgramConfiguration.ReadChainId(path);
            RollupNode[] rollupNodes =
                [.. settings.RollupNodes.Select(each => new RollupNode(Own(new JsonRpcClient(each))))];
            int pairs = Math.Max(Math.Max(_l1.Length, _l2.Length), rollupNodes.Length);
            _outputs = new OutputNodes(
                _l1, _l2, rollupNodes, _l2ChainId, settings.AgreementCount ?? pairs);
        }
    }

    /// <summary>The contracts, at the first node of L1.</summary>
    public DisputeContracts Contracts { get; }

    /// <summary>The other nodes of L1.</summary>
    public IReadOnlyList<EthereumNode> FurtherNodes => _l1[1..];

    /// <summary>How many nodes of L1 must say the same.</summary>
    public int L1AgreementCount => int.Min(_settings.AgreementCount ?? _l1.Length, _l1.Length);

    /// <summary>The newest L1 block.</summary>
    public Task<Block> HeadAsync(CancellationToken cancellation) =>
        _l1[0].GetBlockAsync(BlockReference.Latest, cancellation);

    /// <summary>What tells a game's right output roots; null when the flags do not say.</summary>
    public IOutputSource? OutputsOf(Game game) => _outputs?.SourceOf(game);

    /// <summary>
    /// The account that plays. Throws <see cref="CulverinException"/> when no account was named.
    /// </summary>
    public TransactionSender MakeSender()
    {
        JsonRpcClient? signer = _settings.Account.Signer is { } uri ? Own(new JsonRpcClient(uri)) : null;
        return Own(_settings.Account.MakeSender(_l1[0], signer) ?? throw new CulverinException(
            ErrorCode.InvalidArgument, "Name the account that plays on L1: --from or --key-file."));
    }

    /// <summary>
    /// What is right in games. Throws <see cref="CulverinException"/> when a flag for it is missing.
    /// </summary>
    public IGameTraces MakeTraces()
    {
        if (_outputs is null)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, "Say what is right: --l2, --rollup-node and --rollup.");
        }

        if (_settings.Machine == ArenaMachine.Alphabet)
        {
            return new AlphabetGameTraces(FirstLetter, _l2ChainId, _outputs.SourceOf);
        }

        ProgramOptions options = new()
        {
            DataFolder = _settings.DataFolder,
            PrestatePath = _settings.PrestateFile ?? throw new CulverinException(
                ErrorCode.InvalidArgument, "Name the first state of the fault-proof program: --prestate."),
        };
        return ProgramGameTraces.Load(_l1[0], _l2[0], _l2ChainId, options, _outputs.SourceOf);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (IDisposable each in Enumerable.Reverse(_owned))
        {
            each.Dispose();
        }
    }

    private EthereumNode Connect(Uri endpoint) => Own(new EthereumNode(Own(new JsonRpcClient(endpoint))));

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
