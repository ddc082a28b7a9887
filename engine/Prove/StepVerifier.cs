using System.Numerics;
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
internal sealed class StepVerifier
{
    private readonly FeatureSet _features;
    private readonly Stepper<uint, ReplayAccess<uint>>? _stepper32;
    private readonly Stepper<ulong, ReplayAccess<ulong>>? _stepper64;

    /// <summary>Makes a verifier by the rules of a version.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public StepVerifier(StateVersion version)
    {
        _features = FeatureSet.Of(version);
        if (_features.WordBits == 32)
        {
            _stepper32 = new Stepper<uint, ReplayAccess<uint>>(_features);
        }
        else
        {
            _stepper64 = new Stepper<ulong, ReplayAccess<ulong>>(_features);
        }
    }

    /// <summary>Bytes of the proof data.</summary>
    public int ProofDataSizeBytes => ProofLayout.SizeBytes(_features);

    /// <summary>Executes the step.</summary>
    /// <param name="stateData">The witness before the step.</param>
    /// <param name="proofData">
    /// <see cref="ProofDataSizeBytes"/>; proofs of accesses that the step does not make may be anything.
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

        try
        {
            return _stepper32 is not null
                ? Execute(_stepper32, stateData, proofData, oracle)
                : Execute(_stepper64!, stateData, proofData, oracle);
        }
        catch (CulverinException error) when (error.Code == ErrorCode.InvalidState)
        {
            throw new CulverinException(ErrorCode.InvalidProof, error.Message, error);
        }
    }

    /// <summary>Checks a whole proof: both hashes, the step number and the execution between them.</summary>
    /// <exception cref="CulverinException">As <see cref="Execute"/>.</exception>
    public void Verify(StepProof proof)
    {
        byte[] postHash = Execute(proof.StateData, proof.ProofData, proof.Oracle);
        (byte[] preHash, ulong step) = _stepper32 is not null
            ? Describe<uint>(proof.StateData)
            : Describe<ulong>(proof.StateData);
        Require(
            preHash.AsSpan().SequenceEqual(proof.PreHash), "its pre hash is not the hash of its state data");
        Require(step == proof.Step, $"it claims step {proof.Step} but its state is at step {step}");
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

    private (byte[] Hash, ulong Step) Describe<TWord>(ReadOnlySpan<byte> stateData)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        using MachineState<TWord> state = Witness.Read<TWord>(stateData, _features.Version);
        return (StateHash.Compute(stateData, state.Exited, state.ExitCode), state.Step);
    }

    private byte[] Execute<TWord>(
        Stepper<TWord, ReplayAccess<TWord>> stepper,
        ReadOnlySpan<byte> stateData,
        byte[] proofData,
        OracleData? oracle)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        using MachineState<TWord> state = Witness.Read<TWord>(stateData, _features.Version);
        if (state.Exited)
        {
            return StateHash.Compute(stateData, state.Exited, state.ExitCode);
        }

        int threadProof = ProofLayout.ThreadProofSizeBytes(_features);
        if (state.Threads is { } threads)
        {
            OpenActiveThread(threads, proofData.AsSpan(0, threadProof));
        }

        var access = new ReplayAccess<TWord>(
            stateData[..Keccak256.DigestSizeBytes],
            proofData[threadProof..],
            _features.MemoryProofSizeBytes,
            oracle);
        stepper.Step(state, access);
        return StateHash.Compute(Witness.Of(state, access.Root), state.Exited, state.ExitCode);
    }

    private void OpenActiveThread<TWord>(ThreadTable<TWord> threads, ReadOnlySpan<byte> threadProof)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        byte[] activeRoot = threads.ActiveStack.Root(_features);
        Require(!threads.ActiveStack.IsEmpty, "its active thread stack is empty");
        int recordSize = ThreadRecord.SizeBytes(_features);
        var opened = new ThreadStack<TWord>(threadProof[recordSize..]);
        opened.Push(ThreadRecord.Read<TWord>(threadProof[..recordSize], _features));
        Require(
            opened.Root(_features).AsSpan().SequenceEqual(activeRoot),
            "its thread does not lead to the root of the active stack");
        if (threads.TraverseRight)
        {
            threads.SetStacks(threads.Left, opened);
        }
        else
        {
            threads.SetStacks(opened, threads.Right);
        }

        threads.LoadActive();
    }
}
