using System.Diagnostics;
using Culverin.Harness.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// The program over derivation and executor and its host, over real nodes of both chains and the real
/// contracts.
/// </summary>
[Collection(DerivedChainTestGroup.Name)]
public sealed class DerivedChainTests(DerivedChain chain, ITestOutputHelper report)
{
    private const byte Right = 0;
    private const byte Wrong = 1;

    [L2NodeFact]
    public async Task A_right_claim_is_right_and_any_other_root_is_wrong()
    {
        foreach (StateVersion version in FaultProofProgram.Versions)
        {
            foreach ((string kind, ulong block) in chain.Blocks.Where(each => each.Value <= chain.Posted))
            {
                DisputedClaim right = await chain.ClaimAsync(block - 1, block);
                Stopwatch watch = Stopwatch.StartNew();
                DerivedEnd end = chain.Decide(version, right);
                report.WriteLine(
                    $"{version}, {kind}: {end.Steps:N0} steps, {watch.Elapsed.TotalSeconds:0.00} s");
                Assert.True(end.ExitCode == Right, $"{kind}: {end}");
                byte[] root = right.ClaimedOutputRoot.ToArray();
                root[31] ^= 1;
                end = chain.Decide(version, right with { ClaimedOutputRoot = new Bytes32(root) });
                Assert.True(end.ExitCode == Wrong, $"{kind}, forged: {end}");
            }
        }
    }

    [L2NodeFact]
    public async Task A_run_asks_few_questions_and_a_second_one_none()
    {
        DisputedClaim claim = await chain.ClaimAsync(chain.Blocks["fill"] - 1, chain.Blocks["fill"]);
        using TemporaryFolder folder = new();
        int l1Count = 0, l2Count = 0;
        using FaultyNode l1 = new(chain.Arena.L1.Endpoint, "", 0)
        {
            OnRequest = _ => Interlocked.Increment(ref l1Count),
        };
        using FaultyNode l2 = new(chain.Verifier.Endpoint, "", 0)
        {
            OnRequest = _ => Interlocked.Increment(ref l2Count),
        };
        Assert.Equal(Right, Run());
        ulong blocks = chain.L1Head.Number + 1;
        report.WriteLine($"{l1Count} requests to L1 with {blocks} blocks, {l2Count} to L2");

        // Of the L2 headers by many, the output, one witness, and of few blocks before the agreed one their
        // transactions (two questions); of each L1 block its transactions and receipts, and headers by many.
        Assert.InRange(l2Count, 3, 30);
        Assert.InRange(l1Count, 5, 4 * (int)blocks);

        // Nodes that are not there are not asked, so what a program reads is on the disk.
        using RecordingOracle reads = new(new HostOracle(claim, new PreimageStore(folder.Path)));
        Assert.Equal(Right, chain.Run(StateVersion.MultiThreaded64V5, reads).ExitCode);

        // What is damaged on the disk is asked for again.
        (int before1, int before2) = (l1Count, l2Count);
        string file = Path.Combine(folder.Path, reads.FileNames[0]);
        byte[] content = await File.ReadAllBytesAsync(file);
        content[0] ^= 1;
        await File.WriteAllBytesAsync(file, content);
        Assert.Equal(Right, Run());
        Assert.True(l1Count + l2Count > before1 + before2);
        content[0] ^= 1;
        Assert.Equal(content, await File.ReadAllBytesAsync(file));

        byte Run()
        {
            using HostOracle oracle = chain.Serve(claim, folder.Path, l1.Node, l2.Node);
            return chain.Run(StateVersion.MultiThreaded64V5, oracle).ExitCode;
        }
    }
}
