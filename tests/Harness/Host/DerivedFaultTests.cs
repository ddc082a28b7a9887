using Culverin.Harness.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// Nodes that stall, drop, answer garbage or lie, under the program over derivation and executor: no lie is a
/// verdict, and a fault that passes costs time alone.
/// </summary>
[Collection(DerivedChainTestGroup.Name)]
public sealed class DerivedFaultTests(DerivedChain chain, ITestOutputHelper report)
{
    private const byte Right = 0;
    private const byte Wrong = 1;
    private const byte Undecided = 2;
    private const int PassingFaults = 3;
    private const StateVersion Version = StateVersion.MultiThreaded64V5;

    private static readonly HostOptions Patient = new() { RetryDelay = TimeSpan.FromMilliseconds(5) };

    private static readonly HostOptions Impatient = new()
    {
        FetchDeadline = TimeSpan.FromMilliseconds(600),
        RetryDelay = TimeSpan.FromMilliseconds(100),
    };

    private static readonly string[] L1Faults =
    [
        "stall", "drop", "garbage", "refuse", "forget", "other block", "change header", "change transaction",
        "lose transaction", "change receipt", "lose receipt",
    ];

    // What the L2's node has no other way for.
    private static readonly string[] L2Faults =
    [
        "stall", "drop", "garbage", "forget", "other block", "change header", "change proof", "change debug",
    ];

    [L2NodeFact]
    public async Task A_fault_that_stays_ends_in_a_sentence_and_no_verdict()
    {
        foreach ((string fault, bool isL1) in Faults())
        {
            using TemporaryFolder folder = new();
            (DerivedEnd? end, CulverinException? error, int faults) =
                await RunAsync(fault, isL1, int.MaxValue, folder, Impatient);
            Assert.True(end is null && faults > 0, $"{fault}, {isL1}, {faults}: {end}");
            report.WriteLine($"{fault}: {error!.Code}: {error.Message}");
            Assert.StartsWith("The hint '", error.Message, StringComparison.Ordinal);
            Assert.All(Directory.EnumerateFiles(folder.Path), file => Assert.Equal(
                Path.GetFileName(file), PreimageStore.KeyOf(File.ReadAllBytes(file)).ToString()[2..]));
        }
    }

    [L2NodeFact]
    public async Task A_run_goes_on_when_the_fault_ends()
    {
        foreach ((string fault, bool isL1) in Faults())
        {
            using TemporaryFolder folder = new();
            (DerivedEnd? end, CulverinException? error, int faults) =
                await RunAsync(fault, isL1, PassingFaults, folder, Patient);
            Assert.True(end?.ExitCode == Right && faults > 0, $"{fault}, {isL1}: {end} {error?.Message}");
        }
    }

    [L2NodeFact]
    public async Task What_a_host_lacks_or_changes_leaves_the_claim_unknown()
    {
        const int Seed = 21;
        Random random = new(Seed);
        DisputedClaim claim = await ClaimAsync();
        using TemporaryFolder folder = new();
        using RecordingOracle all = new(chain.Serve(claim, folder.Path));
        Assert.Equal(Right, chain.Run(Version, all).ExitCode);
        Bytes32[] read = [.. all.Keys.OrderBy(key => key.ToString())];
        foreach (Bytes32 key in random.GetItems(read, 20))
        {
            using RecordingOracle liar = new(chain.Serve(claim, folder.Path), key);
            DerivedEnd end = chain.Run(Version, liar);
            Assert.True(end.ExitCode == Undecided, $"{key}, seed {Seed}: {end}");
        }

        // Without nodes, what is not in the folder is told by its key, and there is no verdict. What was
        // fetched ahead and is not read would not be missed.
        string missing = random.GetItems(all.FileNames, 1)[0];
        File.Delete(Path.Combine(folder.Path, missing));
        using HostOracle alone = new(claim, new PreimageStore(folder.Path));
        CulverinException error = Assert.Throws<CulverinException>(() => chain.Run(Version, alone));
        Assert.Equal(ErrorCode.PreimageMissing, error.Code);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Fault, bool IsL1)> Faults() =>
        [.. L1Faults.Select(each => (each, true)), .. L2Faults.Select(each => (each, false))];

    private Task<DisputedClaim> ClaimAsync() =>
        chain.ClaimAsync(chain.Blocks["fill"] - 1, chain.Blocks["fill"]);

    private async Task<(DerivedEnd? End, CulverinException? Error, int FaultCount)> RunAsync(
        string fault, bool isL1, int faultCount, TemporaryFolder folder, HostOptions options)
    {
        DisputedClaim claim = await ClaimAsync();
        Uri real = isL1 ? chain.Arena.L1.Endpoint : chain.Verifier.Endpoint;
        using FaultyNode faulty = new(real, fault, faultCount);
        using HostOracle oracle = chain.Serve(
            claim, folder.Path, isL1 ? faulty.Node : null, isL1 ? null : faulty.Node, options);
        try
        {
            return (chain.Run(Version, oracle), null, faulty.FaultCount);
        }
        catch (CulverinException error)
        {
            return (null, error, faulty.FaultCount);
        }
    }
}
