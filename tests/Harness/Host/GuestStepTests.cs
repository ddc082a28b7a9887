using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Host;
using Culverin.Harness.Tests.Arenas.Steps;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Prove;
using Culverin.Run;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>Steps of the fault-proof program before the contract that settles disputes.</summary>
public sealed class GuestStepTests(
    DisputedChain chain, StepArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<DisputedChain>, IClassFixture<StepArenaFixture>
{
    private const int RandomStepCount = 40;
    private const int ReadCount = 60;
    private const int LocalReadCount = 38;

    [L2NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_contract_takes_every_proven_step(bool isRight)
    {
        Bytes32? root = isRight ? null : Bytes32.Keccak256([9]);
        DisputedClaim claim = await chain.ClaimAsync(DisputedChain.Agreed + 1, root);
        using TemporaryFolder folder = new();
        using HostOracle oracle = chain.Serve(claim, folder.Path);
        GuestEnd end = Guest.RunWithReads(oracle);
        Assert.Equal(isRight ? Guest.Right : Guest.Wrong, end.ExitCode);
        Assert.Equal(Guest.PrestateHash, Bytes32.Parse(PrestateHashOf(oracle)));

        List<StepProof> proofs = Prove(oracle, Pick(end));
        List<PreimagePart> parts = [];
        foreach (OracleData data in proofs.Select(proof => proof.Oracle).OfType<OracleData>()
            .DistinctBy(data => (new Bytes32(data.Key), data.Offset)))
        {
            Bytes32 key = new(data.Key);
            parts.Add(new PreimagePart(key, data.Value, (uint)data.Offset)
            {
                Evidence = await PreimageEvidence.FindAsync(new PreimageStore(folder.Path), key, default),
            });
        }

        await fixture.Arena.LoadPreimagesAsync(parts);
        IReadOnlyList<StepOutcome> outcomes = await fixture.Arena.StepManyAsync(
            [.. proofs.Select(proof => new StepCall(proof.StateData, proof.ProofData))]);
        for (int index = 0; index < proofs.Count; index++)
        {
            Assert.True(
                outcomes[index].IsAccepted, $"step {proofs[index].Step}: {outcomes[index].Revert}");
            Assert.Equal(new Bytes32(proofs[index].PostHash), outcomes[index].PostHash);
        }

        // The last one ends the program with its verdict: the status byte of the hash.
        Assert.Equal(end.ExitCode, outcomes[^1].PostHash!.Value.FirstByte);
        int reads = proofs.Count(proof => proof.Oracle is not null);
        output.WriteLine($"{proofs.Count} of {end.Steps:N0} steps accepted, {reads} read pre-images");
        Assert.True(reads > LocalReadCount);
    }

    private SortedSet<ulong> Pick(GuestEnd end)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SortedSet<ulong> steps = [0, end.Steps - 1];
        for (int count = 0; count < RandomStepCount; count++)
        {
            steps.Add((ulong)random.NextInt64((long)end.Steps));
        }

        // The five boot values come first: 3 × 32 and 2 × 8 bytes, each with its length of 8.
        steps.UnionWith(end.PreimageReads.Take(LocalReadCount));
        foreach (ulong read in random.GetItems(
            [.. end.PreimageReads.Skip(LocalReadCount)], ReadCount - LocalReadCount))
        {
            // And the step after it, in which the guest takes note.
            steps.Add(read);
            steps.Add(read + 1);
        }

        return steps;
    }

    private static List<StepProof> Prove(HostOracle oracle, SortedSet<ulong> steps)
    {
        using Machine machine = Guest.Start(oracle);
        List<StepProof> proofs = [];
        foreach (ulong step in steps)
        {
            if (step < machine.Step)
            {
                continue;
            }

            machine.Run(new RunLimits { UntilStep = step });
            proofs.Add(machine.Prove());
        }

        return proofs;
    }

    private static string PrestateHashOf(HostOracle oracle)
    {
        using Machine machine = Guest.Start(oracle);
        return Hex.Format(machine.StateHash());
    }
}
