using System.Globalization;
using System.Text.Json;
using Culverin.Embed;
using Culverin.Harness.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Oracle.Server;
using Culverin.Run;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// The verbs <c>prestate</c> and <c>program fault-proof</c>, and <c>culverin-host</c> by the command lines of
/// others, on an L2 that the program does not know by its id.
/// </summary>
[Collection(DerivedChainTestGroup.Name)]
public sealed class ProgramVerbTests(DerivedChain chain)
{
    private const int RightCode = 0;
    private const int UnknownCode = 1;
    private const int UsageCode = 2;
    private const int WrongCode = 6;

    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "culverin-host.dll");

    [Theory]
    [InlineData("0")]
    [InlineData("8")]
    public async Task Without_a_configuration_the_prestate_is_the_programs_own(string version)
    {
        (int exitCode, string output, string error) =
            await HarnessCommand.RunAsync("prestate", "--version", version);
        Assert.True(exitCode == 0, error);
        string path = Path.Combine(Guest.Folder, "fault-proof", $"version-{version}.hash");
        Assert.Equal(await File.ReadAllTextAsync(path), output);
    }

    [Theory]
    [InlineData("{}", "names no l2_chain_id", UnknownCode)]
    [InlineData("[]", "no JSON object", UnknownCode)]
    [InlineData("{", "no JSON", UnknownCode)]
    [InlineData("""{"l2_chain_id": 5}""", "is missing", UnknownCode)]
    [InlineData("""{"l2_chain_id": null}""", "names no l2_chain_id", UnknownCode)]
    public async Task A_configuration_that_the_program_cannot_follow_is_refused(
        string rollup, string words, int expected)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "rollup.json");
        string state = Path.Combine(folder.Path, "state.bin.gz");
        await File.WriteAllTextAsync(path, rollup);
        (int exitCode, string output, string error) =
            await HarnessCommand.RunAsync("prestate", "--rollup-config", path, "--output", state);
        Assert.Equal(expected, exitCode);
        Assert.Empty(output);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(File.Exists(state));
    }

    [Theory]
    [InlineData("prestate", "--version", "7")]
    [InlineData("prestate", "--l1-config", "l1.json")]
    [InlineData("prestate", "file")]
    [InlineData("program", "fault-proof", "--block", "1", "--state-version", "0", "--l1", "http://[::1]")]
    [InlineData("program", "fault-proof", "--block", "1", "--state-version", "0", "--l1", "x", "--l2", "y")]
    public async Task A_wrong_command_line_is_refused(params string[] arguments)
    {
        (int exitCode, _, string error) = await HarnessCommand.RunAsync(arguments);
        Assert.Equal(UsageCode, exitCode);
        Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Claims_about_a_users_own_chain_are_decided()
    {
        DisputedClaim claim = await chain.ClaimAsync(chain.Half, chain.Half + 1);
        Bytes32 forged = Bytes32.Keccak256([1]);
        foreach ((string[] more, string verdict, int code) in new (string[], string, int)[]
        {
            ([], "right", RightCode),
            (["--agreed-block", Text(chain.Half - 1)], "right", RightCode),
            (["--claim", claim.ClaimedOutputRoot.ToString()], "right", RightCode),
            (["--claim", forged.ToString()], "wrong", WrongCode),

            // What is on L1 then ends before the block.
            (["--l1-head", (await HeadBeforeAsync()).ToString()], "wrong", WrongCode),
        })
        {
            (int exitCode, string output, string error) =
                await HarnessCommand.RunAsync([.. Flags("0"), .. Configuration(), "--json", .. more]);
            Assert.True(exitCode == code, $"{string.Join(' ', more)}: {exitCode} {error} {output}");
            JsonElement line = JsonDocument.Parse(output).RootElement;
            Assert.Equal(verdict, line.GetProperty("verdict").GetString());
            Assert.True(line.GetProperty("steps").GetUInt64() > 10_000_000);
        }

        (int unknown, string said, _) = await HarnessCommand.RunAsync([.. Flags("8"), "--json"]);
        Assert.Equal(UnknownCode, unknown);
        Assert.Contains("has no configuration of the chain", said, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task A_state_with_a_users_configuration_runs_behind_the_command_lines_of_other_hosts()
    {
        using TemporaryFolder folder = new();
        string state = Path.Combine(folder.Path, "prestate.bin.gz");
        (int exitCode, string hash, string error) =
            await HarnessCommand.RunAsync(
                ["prestate", .. Configuration(), "--version", "8", "--output", state]);
        Assert.True(exitCode == 0, error);
        Assert.Equal(new Bytes32(ManagedEngine.Instance.PrestateHash(state)).ToString(), hash.Trim());
        DisputedClaim right = await chain.ClaimAsync(chain.Half, chain.Posted);
        DisputedClaim wrong = right with { ClaimedOutputRoot = right.AgreedOutputRoot };
        foreach (Func<DisputedClaim, string, string[]> line in new[] { OpProgram, Kona })
        {
            foreach ((DisputedClaim claim, byte expected) in new[] { (right, (byte)0), (wrong, (byte)1) })
            {
                string data = Path.Combine(folder.Path, claim.ClaimedOutputRoot.ToString());
                using ProcessOracle oracle =
                    new("dotnet", ["exec", Host, .. line(claim, data)], onLine: (_, _) => { });
                using IEngineMachine machine =
                    ManagedEngine.Instance.LoadState(state, CheckedSource.Connect(oracle));
                _ = machine.Run(new RunLimits());
                Assert.Equal(expected, machine.Describe().ExitCode);
                oracle.Shutdown();
            }
        }
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    // As op-challenger writes them (reference: its trace providers' command lines).
    private string[] OpProgram(DisputedClaim claim, string data) =>
    [
        "--server", "--l1", chain.Arena.L1.Endpoint.ToString(), "--l1.beacon", "",
        "--l2", chain.Verifier.Endpoint.ToString(), "--datadir", data, "--l1.head", claim.L1Head.ToString(),
        "--l2.head", claim.AgreedBlockHash.ToString(), "--l2.outputroot", claim.AgreedOutputRoot.ToString(),
        "--l2.claim", claim.ClaimedOutputRoot.ToString(), "--l2.blocknumber", Text(claim.ClaimedBlockNumber),
        "--rollup.config", chain.L2.RollupPath, "--l1.chainconfig", chain.L2.L1ConfigPath,
    ];

    private string[] Kona(DisputedClaim claim, string data) =>
    [
        "single", "--l1-node-address", chain.Arena.L1.Endpoint.ToString(),
        "--l1-beacon-address", chain.Arena.L1.Endpoint.ToString(),
        "--l2-node-address", chain.Verifier.Endpoint.ToString(), "--l1-head", claim.L1Head.ToString(),
        "--agreed-l2-head-hash", claim.AgreedBlockHash.ToString(),
        "--agreed-l2-output-root", claim.AgreedOutputRoot.ToString(),
        "--claimed-l2-output-root", claim.ClaimedOutputRoot.ToString(),
        "--claimed-l2-block-number", Text(claim.ClaimedBlockNumber), "--server", "--data-dir", data,
        "--rollup-config-path", chain.L2.RollupPath, "--l1-config-path", chain.L2.L1ConfigPath,
    ];

    // The L1 block before the one with the second batch.
    private async Task<Bytes32> HeadBeforeAsync()
    {
        ulong number = chain.L1Head.Number;
        while ((await chain.Verifier.Rollup.GetSafeHeadAsync(number)).Safe.Number > chain.Half)
        {
            number--;
        }

        return (await chain.L1Node.GetBlockAsync(number)).Hash;
    }

    private string[] Flags(string version) =>
    [
        "program", "fault-proof", "--l1", chain.Arena.L1.Endpoint.ToString(),
        "--l2", chain.Verifier.Endpoint.ToString(), "--block", Text(chain.Half + 1),
        "--state-version", version,
    ];

    private string[] Configuration() =>
        ["--rollup-config", chain.L2.RollupPath, "--l1-config", chain.L2.L1ConfigPath];
}
