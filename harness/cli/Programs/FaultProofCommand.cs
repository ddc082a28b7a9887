using System.CommandLine;
using System.Globalization;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Programs;

/// <summary>
/// The verb <c>program fault-proof</c>: derives and executes an L2 in the virtual machine and says whether a
/// claim about one of its blocks is right.
/// </summary>
internal static class FaultProofCommand
{
    private const int FetchSecondsMax = 86_400;

    private static readonly Option<string> L1 =
        NodeOption("--l1", "a node of L1", isRequired: true)!;

    private static readonly Option<string> L2 = NodeOption(
        "--l2", "a node of the L2 with debug_dbGet, and debug_executionWitness if it can", isRequired: true)!;

    private static readonly Option<string> Beacon =
        NodeOption("--l1-beacon", "a beacon node of L1, for blobs", isRequired: false);

    private static readonly Option<bool> IsByNumber = new("--l1-beacon-block-numbers")
    {
        Description = "the beacon node knows blocks by L1's block numbers, as anvil does",
    };

    private static readonly Option<ulong> Block = new("--block")
    {
        HelpName = "NUMBER",
        Description = "the L2 block that the claim is about",
        Required = true,
    };

    private static readonly Option<ulong?> Agreed = new("--agreed-block")
    {
        HelpName = "NUMBER",
        Description = "the L2 block to begin at, whose output is agreed on (default: the one before)",
    };

    private static readonly Option<string?> Claim = new("--claim")
    {
        HelpName = "ROOT",
        Description = "the output root that is claimed (default: what the L2's node says)",
    };

    private static readonly Option<string?> L1Head = new("--l1-head")
    {
        HelpName = "HASH",
        Description = "the last L1 block that counts (default: the newest)",
    };

    private static readonly Option<string?> Rollup = new("--rollup-config")
    {
        HelpName = "FILE",
        Description = "the L2's rollup.json; for chains that the program does not know",
    };

    private static readonly Option<string?> L1Config = new("--l1-config")
    {
        HelpName = "FILE",
        Description = "with it: the genesis.json of L1, or its part config",
    };

    private static readonly Option<string?> Folder = new("--data")
    {
        HelpName = "FOLDER",
        Description = "where pre-images are kept for the next run (default: nowhere)",
    };

    private static readonly Option<int> Patience = new("--fetch-seconds")
    {
        HelpName = "NUMBER",
        Description = "longest time that nodes are asked again for one thing while they fail (default: 60)",
        DefaultValueFactory = _ => 60,
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create(Option<byte> version, Option<bool> isJson)
    {
        Command command = new(
            "fault-proof",
            "Derives an L2 from L1 and executes it in the virtual machine, and says whether the output root "
            + "claimed for a block is right. Exit codes: 0 right, 6 wrong, 1 unknown, or a file or node "
            + "failed, 2 for wrong flags, 130 when interrupted.")
        {
            L1, L2, Beacon, IsByNumber, Block, Agreed, Claim, L1Head, Rollup, L1Config, version, Folder,
            Patience, isJson,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(L1Config) is not null && result.GetValue(Rollup) is null)
            {
                result.AddError("--l1-config goes with --rollup-config.");
            }
        });
        Patience.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > FetchSecondsMax)
            {
                result.AddError($"--fetch-seconds is between 1 and {FetchSecondsMax}.");
            }
        });
        Claim.Validators.Add(result => RequireWord(result, "--claim"));
        L1Head.Validators.Add(result => RequireWord(result, "--l1-head"));
        command.SetAction((flags, cancellation) => RunAsync(flags, version, isJson, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult flags, Option<byte> versionOption, Option<bool> isJson, CancellationToken cancellation)
    {
        StateVersion version = (StateVersion)flags.GetValue(versionOption);
        HostOptions host = new() { FetchDeadline = TimeSpan.FromSeconds(flags.GetValue(Patience)) };
        ProgramConfiguration? configuration = flags.GetValue(Rollup) is { } path
            ? ProgramConfiguration.Read(path, flags.GetValue(L1Config))
            : null;
        using JsonRpcClient l1Client = new(new Uri(flags.GetRequiredValue(L1)));
        using JsonRpcClient l2Client = new(new Uri(flags.GetRequiredValue(L2)));
        using EthereumNode l1 = new(l1Client);
        using EthereumNode l2 = new(l2Client);
        using BlobSource? beacon = flags.GetValue(Beacon) is { } address
            ? new BlobSource(
                new BeaconEndpoint(new Uri(address), flags.GetValue(IsByNumber)), l1, host.FetchDeadline)
            : null;
        ulong agreed = flags.GetValue(Agreed) ?? ulong.Max(flags.GetValue(Block), 1) - 1;
        DisputedClaim claim = await ReadClaimAsync(flags, agreed, l1, l2, cancellation).ConfigureAwait(false);
        using WorkFolder folder = new(flags.GetValue(Folder));
        PreimageStore store = new(folder.Path);
        using HostOracle oracle = new(
            claim, store, new PreimageFetcher(l1, l2, claim, store, host, beacon?.Blobs), cancellation);
        GuestOutput output = new();
        MachineOptions options = CheckedSource.Connect(oracle) with { Output = output };
        using IEngineMachine machine = configuration is null
            ? FaultProofProgram.Load(version, options)
            : configuration.Load(version, options);
        Bytes32 prestate = new(machine.StateHash());
        ProgramOutcome run = ProgramOutcome.Run(machine, output, cancellation);
        FaultProofLine line = new(
            claim.L1Head.ToString(),
            agreed,
            claim.AgreedOutputRoot.ToString(),
            claim.ClaimedBlockNumber,
            claim.ClaimedOutputRoot.ToString(),
            claim.ChainId,
            (byte)version,
            prestate.ToString(),
            run.Verdict,
            run.ExitCode,
            run.Steps,
            run.Time.TotalSeconds,
            run.Pages,
            run.Preimages,
            oracle.FetchCount,
            run.Output);
        Write(line, flags.GetValue(isJson));
        return run.Verdict switch
        {
            "right" => ExitCodes.Success,
            "wrong" => ExitCodes.WrongClaim,
            _ => ExitCodes.Error,
        };
    }

    private static async Task<DisputedClaim> ReadClaimAsync(
        ParseResult flags, ulong agreed, EthereumNode l1, EthereumNode l2, CancellationToken cancellation)
    {
        ulong block = flags.GetValue(Block);
        Bytes32 head = flags.GetValue(L1Head) is { } hash
            ? Bytes32.Parse(hash)
            : (await l1.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false)).Hash;
        OutputRoot start = await OutputRoot.ReadAsync(l2, agreed, cancellation).ConfigureAwait(false);
        Bytes32 claimed = flags.GetValue(Claim) is { } root
            ? Bytes32.Parse(root)
            : (await OutputRoot.ReadAsync(l2, block, cancellation).ConfigureAwait(false)).Hash;
        return new DisputedClaim
        {
            L1Head = head,
            AgreedOutputRoot = start.Hash,
            AgreedBlockHash = start.BlockHash,
            ClaimedOutputRoot = claimed,
            ClaimedBlockNumber = block,
            ChainId = await l2.GetChainIdAsync(cancellation).ConfigureAwait(false),
        };
    }

    private static void Write(FaultProofLine line, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(Console.Out, line);
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"block {line.ClaimedBlock} {line.ClaimedOutputRoot}: {line.Verdict}, {line.Steps:N0} steps, "
            + $"{line.Seconds:0.00} s, {line.Pages / 256.0:0.0} MiB, {line.Preimages:N0} questions, "
            + $"{line.Waits} times waited for nodes"));
        Console.WriteLine("  " + line.Output.ReplaceLineEndings("\n  "));
    }

    private static Option<string> NodeOption(string name, string description, bool isRequired)
    {
        Option<string> option = new(name)
        {
            HelpName = "URL",
            Description = description,
            Required = isRequired,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !ProgramCommand.IsHttp(text))
            {
                result.AddError($"'{text}' is no address of an HTTP server ({name}).");
            }
        });
        return option;
    }

    private static void RequireWord(System.CommandLine.Parsing.OptionResult result, string name)
    {
        if (result.GetValueOrDefault<string?>() is { } text
            && !(Hex.TryParse(text, out byte[]? bytes) && bytes!.Length == Bytes32.SizeBytes))
        {
            result.AddError($"{name} takes 0x and 64 hexadecimal digits.");
        }
    }
}
