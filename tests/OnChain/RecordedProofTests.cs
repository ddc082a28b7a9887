using Culverin.Harness.Arenas.Steps;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>The recorded proofs of the reference VM before the real contract.</summary>
public sealed class RecordedProofTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    public static TheoryData<string, string> Guests => Rows(contract => contract.Version, _ => true);

    public static TheoryData<string, string> NeighbourGuests =>
        Rows(contract => contract.Neighbour, _ => true);

    public static TheoryData<string, string> PanickingGuests =>
        Rows(contract => contract.Version, vector => vector.PanicStep is not null);

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Every_proof_is_accepted_with_the_recorded_hash(string name, string guest)
    {
        DeployedContract contract = DeployedContract.Of(name);
        List<JudgedStep> steps = [];
        foreach (RecordedProof proof in await LoadAsync(contract, contract.Version, guest))
        {
            JudgedStep step = Judged(guest, proof);
            Assert.Equal(step.Expected, Verdict.OfTwin(contract.Twin, step.Call, OracleOf(proof)));
            steps.Add(step);
        }

        Assert.NotEmpty(steps);
        _ = await JudgeAsync(contract, steps);
    }

    [Theory]
    [MemberData(nameof(NeighbourGuests))]
    public async Task A_proof_of_the_neighbouring_version_is_accepted_unless_the_versions_differ(
        string name, string guest)
    {
        DeployedContract contract = DeployedContract.Of(name);
        List<JudgedStep> steps = [];
        int differing = 0;
        foreach (RecordedProof proof in await LoadAsync(contract, contract.Neighbour, guest))
        {
            JudgedStep step = Judged(guest, proof);
            Verdict verdict = Verdict.OfTwin(contract.Twin, step.Call, OracleOf(proof));
            bool differs = verdict != step.Expected;
            Assert.True(differs == contract.NeighbourDiffers(contract.WitnessOf(step.Call)), step.Name);
            differing += differs ? 1 : 0;
            steps.Add(step with { Expected = verdict });
        }

        Output.WriteLine($"{differing} steps differ");
        Assert.Equal(contract.DifferingGuests.Contains(guest), differing > 0);
        _ = await JudgeAsync(contract, steps);
    }

    [Theory]
    [MemberData(nameof(PanickingGuests))]
    public async Task A_guest_s_panicking_step_reverts(string name, string guest)
    {
        DeployedContract contract = DeployedContract.Of(name);
        GuestVector vector = new(contract.Version, guest);
        using Machine machine = vector.CreateMachine();
        _ = machine.Run(new RunLimits { UntilStep = vector.PanicStep!.Value });
        StepCall call = StepAssembler.Assemble(contract, machine.Image);
        Verdict expected = Verdict.Of(() =>
        {
            machine.ExecuteStep();
            return machine.StateHash();
        });
        Assert.NotEqual(TrapReason.None, expected.Trap);
        Assert.Equal(expected, Verdict.OfTwin(contract.Twin, call, null));
        _ = await JudgeAsync(contract, [new JudgedStep(guest, call, expected)]);
    }

    private static TheoryData<string, string> Rows(
        Func<DeployedContract, StateVersion> versionOf, Func<GuestVector, bool> isWanted)
    {
        TheoryData<string, string> rows = [];
        foreach (DeployedContract contract in DeployedContract.All)
        {
            StateVersion version = versionOf(contract);
            foreach (string guest in GuestVector.GuestsOf(version)
                .Where(guest => isWanted(new GuestVector(version, guest))))
            {
                rows.Add(contract.Name, guest);
            }
        }

        return rows;
    }

    private static JudgedStep Judged(string guest, RecordedProof proof) => new(
        $"{guest} step {proof.Step} {proof.Label}",
        new StepCall(proof.Bytes("state-data"), proof.Bytes("proof-data")),
        Verdict.Accept(proof.Bytes("post")!));

    private static OracleData? OracleOf(RecordedProof proof) => proof.Bytes("oracle-key") is { } key
        ? new OracleData(key, proof.Bytes("oracle-value")!, proof.Number("oracle-offset"))
        : null;

    private async Task<IReadOnlyList<RecordedProof>> LoadAsync(
        DeployedContract contract, StateVersion version, string guest)
    {
        IReadOnlyList<RecordedProof> proofs = new GuestVector(version, guest).Proofs();
        await new LoadedPreimages(await Fixture.ArenaOfAsync(contract)).LoadAsync(proofs.Select(OracleOf));
        return proofs;
    }
}
