using System.Text;
using Culverin.Execute;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Tests.Shared.Engines;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Vectors;

/// <summary>Everything the reference recorded of its guests: hashes, proofs, totals, output.</summary>
public sealed class GuestVectorTests
{
    public static TheoryData<StateVersion, string, TestedEngine> Guests()
    {
        var rows = new TheoryData<StateVersion, string, TestedEngine>();
        foreach (FeatureSet features in FeatureSet.All)
        {
            foreach (string guest in GuestVector.GuestsOf(features.Version))
            {
                foreach (TestedEngine engine in TestedEngines.All)
                {
                    rows.Add(features.Version, guest, engine);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void StateHashesAndTotalsEqualTheReference(
        StateVersion version, string guest, TestedEngine engine)
    {
        var vector = new GuestVector(version, guest);
        var output = new OutputCollector();
        using Machine machine = vector.CreateMachine(engine.Options() with { Output = output });
        Assert.Equal(vector.PrestateHash, Hex(machine.StateHash()));
        foreach ((ulong step, string hash) in vector.Hashes())
        {
            _ = machine.Run(new RunLimits { UntilStep = step });
            Assert.True(hash == Hex(machine.StateHash()), $"The state hash at step {step} differs.");
        }

        if (vector.PanicStep is { } panicStep)
        {
            GuestPanicException panic =
                Assert.Throws<GuestPanicException>(() => machine.Run(new RunLimits()));
            Assert.Equal(panicStep, panic.Step);
            Assert.Equal(panicStep, machine.Step);
            return;
        }

        Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
        Assert.Equal(vector.Steps, machine.Step);
        Assert.Equal(vector.ExitCode, machine.ExitCode);
        Assert.Equal(vector.FinalHash, Hex(machine.StateHash()));
        Assert.Equal(vector.StandardOutput, output.Text(1));
        Assert.Equal(vector.StandardError, output.Text(2));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void ProofsEqualTheReferenceAndConvinceTheTwin(
        StateVersion version, string guest, TestedEngine engine)
    {
        var vector = new GuestVector(version, guest);
        var verifier = new StepVerifier(version);
        using Machine machine = vector.CreateMachine(engine.Options());
        FeatureSet features = FeatureSet.Of(version);
        byte[] lastAccessProofs = new byte[(features.MemoryProofCount - 1) * features.MemoryProofSizeBytes];
        foreach (RecordedProof recorded in vector.Proofs())
        {
            _ = machine.Run(new RunLimits { UntilStep = recorded.Step });
            StepProof proof = machine.Prove();
            AssertEqual(recorded, proof, lastAccessProofs, features.MemoryProofSizeBytes);
            verifier.Verify(proof);
            lastAccessProofs = proof.ProofData[^lastAccessProofs.Length..];
        }
    }

    private static void AssertEqual(
        RecordedProof recorded, StepProof proof, byte[] lastAccessProofs, int proofSizeBytes)
    {
        Assert.Equal(recorded.Step, proof.Step);
        Assert.Equal(recorded.Bytes("pre"), proof.PreHash);
        Assert.Equal(recorded.Bytes("post"), proof.PostHash);
        Assert.Equal(recorded.Bytes("state-data"), proof.StateData);
        byte[] expected = recorded.Bytes("proof-data")!;

        // Recorded by a fresh machine each: where that had no memory access its slot is zero, and ours, one
        // machine for all, still holds the access before.
        Span<byte> slots = expected.AsSpan(^lastAccessProofs.Length..);
        for (int start = 0; start < slots.Length; start += proofSizeBytes)
        {
            Span<byte> slot = slots.Slice(start, proofSizeBytes);
            if (slot.IndexOfAnyExcept((byte)0) < 0)
            {
                lastAccessProofs.AsSpan(start, proofSizeBytes).CopyTo(slot);
            }
        }

        Assert.Equal(expected, proof.ProofData);
        Assert.Equal(recorded.Bytes("oracle-key"), proof.Oracle?.Key);
        Assert.Equal(recorded.Bytes("oracle-value"), proof.Oracle?.Value);
        Assert.Equal(recorded.Number("oracle-offset"), proof.Oracle?.Offset ?? 0);
    }

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    private sealed class OutputCollector : IGuestOutput
    {
        private readonly Dictionary<int, List<byte>> _bytes = new() { [1] = [], [2] = [] };

        public void Write(int descriptor, ReadOnlySpan<byte> bytes) => _bytes[descriptor].AddRange(bytes);

        public string Text(int descriptor) => Encoding.UTF8.GetString([.. _bytes[descriptor]]);
    }
}
