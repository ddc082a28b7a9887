using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Primitives;
using Culverin.Prove;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>The recorded proofs of the reference VM before the real contract.</summary>
public sealed class RecordedProofTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const StateVersion Version8 = StateVersion.MultiThreaded64V5;
    private const StateVersion Version7 = StateVersion.MultiThreaded64V4;
    private const int GetrandomNumber = 5313;
    private const string GuestOfGetrandom = "quirks64";

    private static readonly StepVerifier Twin = new(Version8);

    private readonly StepArena _arena = fixture.Arena;

    public static TheoryData<string> Version8Guests => [.. GuestVector.GuestsOf(Version8)];

    public static TheoryData<string> Version7Guests => [.. GuestVector.GuestsOf(Version7)];

    public static TheoryData<string> PanickingGuests =>
    [
        .. GuestVector.GuestsOf(Version8)
            .Where(guest => new GuestVector(Version8, guest).PanicStep is not null),
    ];

    [Theory]
    [MemberData(nameof(Version8Guests))]
    public async Task Every_proof_of_version_8_is_accepted_with_the_recorded_hash(string guest)
    {
        IReadOnlyList<RecordedProof> proofs = new GuestVector(Version8, guest).Proofs();
        Assert.NotEmpty(proofs);
        LoadedPreimages preimages = new(_arena);
        await preimages.LoadAsync(proofs.Select(OracleOf));
        List<JudgedStep> steps = [];
        foreach (RecordedProof proof in proofs)
        {
            JudgedStep step = Judged(guest, proof);
            Assert.Equal(step.Expected, Verdict.OfTwin(Twin, step.Call, OracleOf(proof)));
            steps.Add(step);
        }

        await new Judge(_arena, output).CompareAsync(steps);
    }

    [Theory]
    [MemberData(nameof(Version7Guests))]
    public async Task A_proof_of_version_7_is_accepted_unless_its_step_calls_getrandom(string guest)
    {
        IReadOnlyList<RecordedProof> proofs = new GuestVector(Version7, guest).Proofs();
        LoadedPreimages preimages = new(_arena);
        await preimages.LoadAsync(proofs.Select(OracleOf));
        List<JudgedStep> steps = [];
        int different = 0;
        foreach (RecordedProof proof in proofs)
        {
            JudgedStep step = Judged(guest, proof);
            ThreadedWitness state = new(step.Call.StateData.Span, step.Call.ProofData.Span);
            if (state.Idle is null && state.IsSyscall && state.Register(2) == GetrandomNumber)
            {
                // Version 7 writes nothing, so that its proof has no word for version 8 to write to.
                Verdict newer = Verdict.OfTwin(Twin, step.Call, null);
                Assert.NotEqual(step.Expected, newer);
                step = step with { Expected = newer };
                different++;
            }

            steps.Add(step);
        }

        output.WriteLine($"{different} steps differ");
        Assert.Equal(guest == GuestOfGetrandom, different > 0);
        await new Judge(_arena, output).CompareAsync(steps);
    }

    [Theory]
    [MemberData(nameof(PanickingGuests))]
    public async Task A_guest_s_panicking_step_reverts(string guest)
    {
        GuestVector vector = new(Version8, guest);
        using Machine machine = vector.CreateMachine();
        _ = machine.Run(new RunLimits { UntilStep = vector.PanicStep!.Value });
        StepCall call = StepAssembler.Assemble((MachineImage<ulong>)machine.Image);
        Verdict expected = Verdict.Of(() =>
        {
            machine.ExecuteStep();
            return machine.StateHash();
        });
        Assert.NotEqual(TrapReason.None, expected.Trap);
        Assert.Equal(expected, Verdict.OfTwin(Twin, call, null));
        StepOutcome outcome = await _arena.StepAsync(call);
        output.WriteLine($"{expected}: {outcome.Revert}");
        Assert.True(expected.Agrees(outcome), Verdict.Describe(outcome));
    }

    [Fact]
    public async Task A_step_as_a_transaction_tells_its_gas_and_the_witness()
    {
        RecordedProof proof = new GuestVector(Version8, "hello").Proofs()[0];
        JudgedStep step = Judged("hello", proof);
        StepOutcome outcome = await _arena.StepAsync(step.Call);
        Assert.Equal(step.Expected.Hash, outcome.PostHash);
        Assert.InRange(outcome.GasUsed!.Value, 100_000ul, 400_000ul);
        Assert.Equal(ThreadedWitness.SizeBytes, outcome.PostWitness.Length);
        byte[] hash = new byte[Bytes32.SizeBytes];
        Keccak256.Hash(outcome.PostWitness.Span, hash);
        hash[0] = outcome.PostHash!.Value.FirstByte;
        Assert.Equal(outcome.PostHash, new Bytes32(hash));
        output.WriteLine($"gas {outcome.GasUsed}");
    }

    private static JudgedStep Judged(string guest, RecordedProof proof) => new(
        $"{guest} step {proof.Step} {proof.Label}",
        new StepCall(proof.Bytes("state-data"), proof.Bytes("proof-data")),
        Verdict.Accept(proof.Bytes("post")!));

    private static OracleData? OracleOf(RecordedProof proof) => proof.Bytes("oracle-key") is { } key
        ? new OracleData(key, proof.Bytes("oracle-value")!, proof.Number("oracle-offset"))
        : null;
}
