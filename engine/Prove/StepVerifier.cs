using System;
using Culverin.Execute;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Prove;

/// <summary>
/// The contract's twin: executes one step from a witness and a proof alone and rejects whatever the contract
/// would revert on. It runs the same instruction bodies as the machine; only the memory behind them differs.
/// </summary>
/// <remarks>Immutable; any number of threads may share one.</remarks>
public sealed class StepVerifier
{
    private readonly FeatureSet _features;
    private readonly Stepper<uint, ReplayAccess<uint>> _stepper;

    /// <summary>Makes a verifier by the rules of a version.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public StepVerifier(StateVersion version)
    {
        _features = FeatureSet.Of(version);
        _stepper = new Stepper<uint, ReplayAccess<uint>>(_features);
    }

    /// <summary>Bytes of the proof data: the instruction's memory proof and the access's.</summary>
    public int ProofDataSizeBytes => 2 * _features.MemoryProofSizeBytes;

    /// <summary>Executes the step.</summary>
    /// <param name="stateData">The witness before the step, 226 bytes.</param>
    /// <param name="proofData">
    /// Two memory proofs; the second may be anything if the step accesses no memory.
    /// </param>
    /// <param name="oracle">The pre-image part that the contract's oracle would hold; null for none.</param>
    /// <returns>The state hash after the step, 32 bytes. An exited state stays as it is.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidProof"/> for wrong sizes, <see cref="ErrorCode.ProofRejected"/> when a
    /// proof does not fit, <see cref="ErrorCode.GuestPanic"/> when the step cannot be executed.
    /// </exception>
    public byte[] Execute(ReadOnlySpan<byte> stateData, byte[] proofData, OracleData? oracle)
    {
        if (proofData.Length != ProofDataSizeBytes)
        {
            throw new CulverinException(
                ErrorCode.InvalidProof,
                $"The proof data of a step has {ProofDataSizeBytes} bytes, not {proofData.Length}.");
        }

        using MachineState<uint> state = Witness.Read<uint>(stateData, _features.Version);
        var access = new ReplayAccess<uint>(
            stateData[..Keccak256.DigestSizeBytes], proofData, _features.MemoryProofSizeBytes, oracle);
        _stepper.Step(state, access);
        byte[] witness = new byte[Witness.SizeBytes<uint>()];
        Witness.Write(state, access.Root, witness);
        return StateHash.Compute(witness, state.Exited, state.ExitCode);
    }

    /// <summary>Checks a whole proof: both hashes, the step number and the execution between them.</summary>
    /// <exception cref="CulverinException">As <see cref="Execute"/>.</exception>
    public void Verify(StepProof proof)
    {
        byte[] postHash = Execute(proof.StateData, proof.ProofData, proof.Oracle);
        using MachineState<uint> state = Witness.Read<uint>(proof.StateData, _features.Version);
        byte[] preHash = StateHash.Compute(proof.StateData, state.Exited, state.ExitCode);
        Require(preHash.AsSpan().SequenceEqual(proof.PreHash), "its pre hash is not the "
            + "hash of its state data");
        Require(state.Step == proof.Step, $"it claims step {proof.Step} but its "
            + $"state is at step {state.Step}");
        Require(
            postHash.AsSpan().SequenceEqual(proof.PostHash),
            $"the step leads to 0x{Convert.ToHexStringLower(postHash)}, not to its post hash");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CulverinException(ErrorCode.ProofRejected, $"The proof is wrong: {otherwise}.");
        }
    }
}
