using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>Nodes that stall, drop, answer garbage or lie.</summary>
public sealed class FaultyNodeTests(DisputedChain chain, ITestOutputHelper output)
    : IClassFixture<DisputedChain>
{
    private const int FaultCount = 3;

    private static readonly HostOptions Patient = new()
    {
        FetchDeadline = TimeSpan.FromSeconds(60),
        RetryDelay = TimeSpan.FromMilliseconds(5),
    };

    private static readonly HostOptions Impatient = new()
    {
        FetchDeadline = TimeSpan.FromMilliseconds(600),
        RetryDelay = TimeSpan.FromMilliseconds(100),
    };

    public static TheoryData<string, bool> Faults
    {
        get
        {
            TheoryData<string, bool> faults = new();
            foreach (string fault in (string[])
                ["stall", "drop", "garbage", "refuse", "forget", "other block", "change header"])
            {
                faults.Add(fault, true);
                faults.Add(fault, false);
            }

            faults.Add("change transaction", true);
            faults.Add("lose transaction", true);
            faults.Add("lose transaction", false);
            faults.Add("change proof", false);
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_run_goes_on_when_the_fault_ends(string fault, bool isL1)
    {
        using TemporaryFolder folder = new();
        (GuestEnd? end, CulverinException? error, int faults) =
            await RunAsync(fault, isL1, FaultCount, folder, Patient);
        Assert.Null(error);
        Assert.Equal(Guest.Right, end!.ExitCode);
        Assert.InRange(faults, 1, FaultCount);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_stays_ends_in_a_sentence_and_no_verdict(string fault, bool isL1)
    {
        using TemporaryFolder folder = new();
        (GuestEnd? end, CulverinException? error, int faults) =
            await RunAsync(fault, isL1, int.MaxValue, folder, Impatient);
        Assert.Null(end);
        Assert.True(faults > 0);
        output.WriteLine($"{error!.Code}: {error.Message}");
        Assert.StartsWith("The hint '", error.Message, StringComparison.Ordinal);

        // Nothing false was kept.
        Assert.All(folder.Files, file => Assert.Equal(
            Path.GetFileName(file), PreimageStore.KeyOf(File.ReadAllBytes(file)).ToString()[2..]));
    }

    private async Task<(GuestEnd? End, CulverinException? Error, int FaultCount)> RunAsync(
        string fault, bool isL1, int faultCount, TemporaryFolder folder, HostOptions options)
    {
        DisputedClaim claim = await chain.ClaimAsync(DisputedChain.Posted, agreed: DisputedChain.Posted - 1);
        Uri real = isL1 ? chain.World.Arena.L1.Endpoint : chain.World.Arena.L2.Endpoint;
        using FaultyNode faulty = new(real, fault, faultCount);
        EthereumNode l1 = isL1 ? faulty.Node : chain.World.L1;
        EthereumNode l2 = isL1 ? chain.World.L2 : faulty.Node;
        PreimageStore store = new(folder.Path);
        using HostOracle oracle = new(claim, store, new PreimageFetcher(l1, l2, claim, store, options));
        try
        {
            return (Guest.Run(oracle), null, faulty.FaultCount);
        }
        catch (CulverinException error)
        {
            return (null, error, faulty.FaultCount);
        }
    }
}
