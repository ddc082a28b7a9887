using System.Diagnostics;
using System.Globalization;
using Culverin.Harness.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Oracle.Server;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The culverin-host executable behind the virtual machine.</summary>
public sealed class HostProcessTests(DisputedChain chain) : IClassFixture<DisputedChain>
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-host.dll");

    [L2NodeFact]
    public async Task It_serves_from_the_nodes_and_then_from_its_folder()
    {
        using TemporaryFolder folder = new();
        DisputedClaim claim = await chain.ClaimAsync(8);
        Assert.Equal(Guest.Right, Run(Flags(claim, folder.Path, isOnline: true)));
        Assert.Equal(Guest.Right, Run(Flags(claim, folder.Path, isOnline: false)));
        DisputedClaim wrong = claim with { ClaimedOutputRoot = Bytes32.Keccak256([2]) };
        Assert.Equal(Guest.Wrong, Run(Flags(wrong, folder.Path, isOnline: false)));
    }

    [L2NodeFact]
    public async Task Its_last_words_reach_whoever_runs_the_machine()
    {
        using TemporaryFolder folder = new();
        DisputedClaim claim = await chain.ClaimAsync(8);
        CulverinException error = Assert.Throws<CulverinException>(
            () => Run(Flags(claim, folder.Path, isOnline: false)));
        Assert.Equal(ErrorCode.PreimageServer, error.Code);
        Assert.Contains("there are no nodes to ask", error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task A_node_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = new();
        DisputedClaim claim = await chain.ClaimAsync(8);
        List<string> flags = Flags(claim, folder.Path, isOnline: false);
        flags.AddRange(["--l1-node-address", "http://127.0.0.1:9", "--l2-node-address"]);
        flags.AddRange(["http://127.0.0.1:9", "--fetch-seconds", "1"]);
        CulverinException error = Assert.Throws<CulverinException>(() => Run(flags));
        Assert.Contains("The node at http://127.0.0.1:9 ", error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Wrong_flags_are_refused()
    {
        using TemporaryFolder folder = new();
        List<string> good = Flags(await chain.ClaimAsync(8), folder.Path, isOnline: false);
        foreach (string[] change in new string[][]
        {
            ["--l1-head", "0x12"], ["--l2-chain-id", "nine"], ["--claimed-l2-block-number", "-1"],
            ["--l1-node-address", "nowhere"], ["--l1-node-address", "ftp://127.0.0.1"],
            ["--l1-node-address", "http://127.0.0.1:9"], ["--fetch-seconds", "0"], ["--no-such-flag", "1"],
            ["--network", "10"], ["--rollup.config", "rollup.json"], ["--native", "true"],
        })
        {
            List<string> flags = [.. good];
            int place = flags.IndexOf(change[0]);
            if (place >= 0)
            {
                flags.RemoveRange(place, 2);
            }

            flags.AddRange(change);
            (int exitCode, string complaint) = await StartAloneAsync(flags);
            Assert.True(exitCode == 2, $"{string.Join(' ', change)}: {exitCode} {complaint}");
            Assert.StartsWith("culverin-host: ", complaint, StringComparison.Ordinal);
        }
    }

    [L2NodeFact]
    public async Task Without_a_machine_it_says_so()
    {
        using TemporaryFolder folder = new();
        (int exitCode, string complaint) =
            await StartAloneAsync(Flags(await chain.ClaimAsync(8), folder.Path, isOnline: false));
        Assert.Equal(1, exitCode);
        Assert.Contains("only a virtual machine can start this program", complaint, StringComparison.Ordinal);
    }

    private static byte Run(List<string> flags)
    {
        using ProcessOracle oracle = new("dotnet", ["exec", Program, .. flags], onLine: (_, _) => { });
        byte exitCode = Guest.Run(oracle).ExitCode;
        oracle.Shutdown();
        return exitCode;
    }

    [L2NodeTheory]
    [InlineData("op-program")]
    [InlineData("op-program with a file")]
    [InlineData("kona")]
    [InlineData("kona with a file")]
    public async Task It_takes_the_flags_of_other_hosts(string host)
    {
        using TemporaryFolder folder = new();
        DisputedClaim claim = await chain.ClaimAsync(8);
        string configuration = Path.Combine(folder.Path, "rollup.json");
        await File.WriteAllTextAsync(
            configuration, $$"""{"l1_chain_id":900,"l2_chain_id":{{claim.ChainId}}}""");
        string block = claim.ClaimedBlockNumber.ToString(CultureInfo.InvariantCulture);
        string id = claim.ChainId.ToString(CultureInfo.InvariantCulture);
        string l1 = chain.World.Arena.L1.Endpoint.ToString();
        string l2 = chain.World.Verifier.Endpoint.ToString();
        string data = Path.Combine(folder.Path, "preimages");

        // As op-challenger writes them.
        List<string> flags = host.StartsWith("kona", StringComparison.Ordinal)
            ?
            [
                "single", "--l1-node-address", l1, "--l1-beacon-address", "http://127.0.0.1:9",
                "--l2-node-address", l2, "--l1-head", claim.L1Head.ToString(),
                "--agreed-l2-head-hash", claim.AgreedBlockHash.ToString(),
                "--agreed-l2-output-root", claim.AgreedOutputRoot.ToString(),
                "--claimed-l2-output-root", claim.ClaimedOutputRoot.ToString(),
                "--claimed-l2-block-number", block, "--server", "--data-dir", data, "-vv",
            ]
            :
            [
                "--server", "--l1", l1, "--l1.beacon", "", "--l2", l2, "--datadir", data,
                "--l1.head", claim.L1Head.ToString(), "--l2.head", claim.AgreedBlockHash.ToString(),
                "--l2.outputroot", claim.AgreedOutputRoot.ToString(),
                "--l2.claim", claim.ClaimedOutputRoot.ToString(), "--l2.blocknumber", block,
                "--log.level", "INFO",
            ];
        flags.AddRange(host switch
        {
            "op-program" => ["--network", id],
            "op-program with a file" => ["--rollup.config", configuration, "--l2.genesis", "genesis.json"],
            "kona" => ["--l2-chain-id", id],
            _ => ["--rollup-config-path", configuration, "--l1-config-path", "l1.json"],
        });
        Assert.Equal(Guest.Right, Run(flags));
    }

    // A shell closes the descriptors that the test's own runtime may have left open.
    private static async Task<(int ExitCode, string Complaint)> StartAloneAsync(List<string> flags)
    {
        ProcessStartInfo start = new("/bin/sh")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        const string Closed = "exec \"$0\" \"$@\" 3>&- 4>&- 5>&- 6>&-";
        foreach (string argument in (string[])["-c", Closed, "dotnet", "exec", Program, .. flags])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string complaint = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, complaint);
    }

    private List<string> Flags(DisputedClaim claim, string folder, bool isOnline)
    {
        List<string> flags =
        [
            "--l1-head", claim.L1Head.ToString(),
            "--agreed-l2-head-hash", claim.AgreedBlockHash.ToString(),
            "--agreed-l2-output-root", claim.AgreedOutputRoot.ToString(),
            "--claimed-l2-output-root", claim.ClaimedOutputRoot.ToString(),
            "--claimed-l2-block-number", claim.ClaimedBlockNumber.ToString(CultureInfo.InvariantCulture),
            "--l2-chain-id", claim.ChainId.ToString(CultureInfo.InvariantCulture),
            "--data-dir", folder,
        ];
        if (isOnline)
        {
            flags.AddRange(["--l1-node-address", chain.World.Arena.L1.Endpoint.ToString()]);
            flags.AddRange(["--l2-node-address", chain.World.Verifier.Endpoint.ToString()]);
        }

        return flags;
    }
}
