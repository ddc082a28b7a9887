using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using Culverin.Harness.Chain;
using Culverin.Harness.Host;

namespace Culverin.Harness.HostCli;

/// <summary>The flags of culverin-host, and what they start.</summary>
internal sealed class HostCommand
{
    private const int FetchSecondsMax = 86_400;

    private static readonly TimeSpan ExchangeDeadline = TimeSpan.FromSeconds(15);

    private readonly Option<Uri?> _l1 = NodeOption(
        "--l1-node-address", "HTTP address of an L1 node; without both nodes only the folder is served");

    private readonly Option<Uri?> _l2 = NodeOption("--l2-node-address", "HTTP address of an L2 node");

    private readonly Option<Bytes32> _l1Head = WordOption(
        "--l1-head", "Hash of the newest L1 block that the dispute game knows");

    private readonly Option<Bytes32> _agreedBlock = WordOption(
        "--agreed-l2-head-hash", "Hash of the L2 block that both sides agree on");

    private readonly Option<Bytes32> _agreedRoot = WordOption(
        "--agreed-l2-output-root", "Output root of that block");

    private readonly Option<Bytes32> _claimedRoot = WordOption(
        "--claimed-l2-output-root", "Output root in dispute");

    private readonly Option<ulong> _claimedBlock = new("--claimed-l2-block-number")
    {
        Description = "Number of the L2 block that it is claimed for",
        Required = true,
    };

    private readonly Option<ulong> _chainId = new("--l2-chain-id")
    {
        Description = "Chain id of the L2",
        Required = true,
    };

    private readonly Option<string> _folder = new("--data-dir")
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
            _l1, _l2, _l1Head, _agreedBlock, _agreedRoot, _claimedRoot, _claimedBlock, _chainId, _folder,
            _patience,
        };
        Root.SetAction(Run);
        Root.Validators.Add(result =>
        {
            if (result.GetResult(_l1) is null != result.GetResult(_l2) is null)
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
            ChainId = flags.GetValue(_chainId),
        };
        PreimageStore store = new(flags.GetRequiredValue(_folder));
        if (flags.GetValue(_l1) is not { } l1 || flags.GetValue(_l2) is not { } l2)
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
        Serve(claim, store, new PreimageFetcher(l1Node, l2Node, claim, store, options));
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

    private static Option<Bytes32> WordOption(string name, string description) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result => Parse(result, text => Bytes32.Parse(text)),
    };

    private static Option<Uri?> NodeOption(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
                && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"{name} takes an http or https address.");
            return null;
        },
    };

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
