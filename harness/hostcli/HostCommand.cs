using System.CommandLine;
using System.CommandLine.Parsing;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.HostCli;

/// <summary>The flags of culverin-host, and what they start.</summary>
internal sealed class HostCommand
{
    private const int FetchSecondsMax = 86_400;

    private static readonly TimeSpan ExchangeDeadline = TimeSpan.FromSeconds(15);

    private readonly Option<string?> _l1 = NodeOption(
        "HTTP address of an L1 node; without both nodes only the folder is served",
        "--l1-node-address",
        "--l1");

    private readonly Option<string?> _beacon = NodeOption(
        "HTTP address of a beacon node of L1, for blobs", "--l1-beacon-address", "--l1.beacon");

    private readonly Option<bool> _isByBlockNumber = new("--l1-beacon-block-numbers")
    {
        Description = "The beacon node knows blocks by the numbers of L1's blocks, as anvil does",
    };

    private readonly Option<string?> _l2 = NodeOption(
        "HTTP address of an L2 node with debug_dbGet", "--l2-node-address", "--l2");

    private readonly Option<Bytes32> _l1Head = WordOption(
        "Hash of the newest L1 block that the dispute game knows", "--l1-head", "--l1.head");

    private readonly Option<Bytes32> _agreedBlock = WordOption(
        "Hash of the L2 block that both sides agree on", "--agreed-l2-head-hash", "--l2-head", "--l2.head");

    private readonly Option<Bytes32> _agreedRoot = WordOption(
        "Output root of that block", "--agreed-l2-output-root", "--l2-output-root", "--l2.outputroot");

    private readonly Option<Bytes32> _claimedRoot = WordOption(
        "Output root in dispute", "--claimed-l2-output-root", "--l2-claim", "--l2.claim");

    private readonly Option<ulong> _claimedBlock =
        new("--claimed-l2-block-number", "--l2-block-number", "--l2.blocknumber")
        {
            Description = "Number of the L2 block that it is claimed for",
            Required = true,
        };

    private readonly ChainIdOptions _chain = new();

    private readonly Option<string> _folder = new("--data-dir", "--datadir")
    {
        Description = "Folder for pre-images; what is there is not fetched again",
        Required = true,
    };

    private readonly Option<int> _patience = new("--fetch-seconds")
    {
        Description = "Longest time that nodes are asked again for one thing while they fail",
        DefaultValueFactory = _ => 60,
    };

    /// <summary>Makes the command.</summary>
    public HostCommand()
    {
        Root = new RootCommand(
            "Serves the fault-proof program with pre-images from two nodes and a folder. A virtual machine "
            + "starts it and talks to it through descriptors 3 to 6.")
        {
            _l1, _beacon, _isByBlockNumber, _l2, _l1Head, _agreedBlock, _agreedRoot, _claimedRoot,
            _claimedBlock, _folder, _patience,
        };
        _chain.AddTo(Root);
        OtherHosts.AddFlags(Root);
        Root.SetAction(Run);
        Root.Validators.Add(result =>
        {
            if (string.IsNullOrEmpty(result.GetValue(_l1)) != string.IsNullOrEmpty(result.GetValue(_l2)))
            {
                result.AddError("Give the addresses of both nodes, or of none.");
            }
        });
        _patience.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > FetchSecondsMax)
            {
                result.AddError($"--fetch-seconds is between 1 and {FetchSecondsMax}.");
            }
        });
    }

    /// <summary>The command with its flags.</summary>
    public RootCommand Root { get; }

    private int Run(ParseResult flags)
    {
        DisputedClaim claim = new()
        {
            L1Head = flags.GetValue(_l1Head),
            AgreedBlockHash = flags.GetValue(_agreedBlock),
            AgreedOutputRoot = flags.GetValue(_agreedRoot),
            ClaimedOutputRoot = flags.GetValue(_claimedRoot),
            ClaimedBlockNumber = flags.GetValue(_claimedBlock),
            ChainId = _chain.Read(flags),
        };
        PreimageStore store = new(flags.GetRequiredValue(_folder));
        if (ReadAddress(flags.GetValue(_l1)) is not { } l1 || ReadAddress(flags.GetValue(_l2)) is not { } l2)
        {
            Serve(claim, store, null);
            return 0;
        }

        HostOptions options = new()
        {
            FetchDeadline = TimeSpan.FromSeconds(flags.GetValue(_patience)),
        };

        // A node that stalls once must not use up all the time there is.
        JsonRpcOptions exchange = new()
        {
            Deadline = TimeSpan.FromTicks(Math.Min(ExchangeDeadline.Ticks, options.FetchDeadline.Ticks)),
        };
        using JsonRpcClient l1Client = new(l1, exchange);
        using JsonRpcClient l2Client = new(l2, exchange);
        using EthereumNode l1Node = new(l1Client);
        using EthereumNode l2Node = new(l2Client);
        using BlobSource? beacon = ReadAddress(flags.GetValue(_beacon)) is { } address
            ? new BlobSource(
                new BeaconEndpoint(address, flags.GetValue(_isByBlockNumber)), l1Node, exchange.Deadline)
            : null;
        Serve(claim, store, new PreimageFetcher(l1Node, l2Node, claim, store, options, beacon?.Blobs));
        return 0;
    }

    private static void Serve(DisputedClaim claim, PreimageStore store, PreimageFetcher? fetcher)
    {
        using HostOracle oracle = new(claim, store, fetcher);
        HostServer.Run(oracle);
        if (store.DamagedCount > 0)
        {
            Console.Error.WriteLine($"culverin-host: {store.DamagedCount} damaged pre-images were replaced.");
        }
    }

    private static Option<Bytes32> WordOption(string description, string name, params string[] aliases)
    {
        return new Option<Bytes32>(name, aliases)
        {
            Description = description,
            Required = true,
            CustomParser = result => Parse(result, text => Bytes32.Parse(text)),
        };
    }

    private static Option<string?> NodeOption(string description, string name, params string[] aliases)
    {
        Option<string?> option = new(name, aliases) { Description = description };
        option.Validators.Add(result =>
        {
            // op-challenger gives a flag an empty text where it was told nothing.
            string? text = result.GetValueOrDefault<string?>();
            if (!string.IsNullOrEmpty(text) && ReadAddress(text) is null)
            {
                result.AddError($"{name} takes an http or https address.");
            }
        });
        return option;
    }

    private static Uri? ReadAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : null;

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "");
        }
        catch (CulverinException error)
        {
            result.AddError(error.Message);
            return default;
        }
    }
}
