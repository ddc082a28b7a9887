using System.Buffers.Binary;
using System.Numerics;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Prove;

/// <summary>
/// Executes one step of a live machine and records what a contract needs to execute it too.
/// </summary>
/// <remarks>
/// Memory proofs of accesses are not cleared between steps: a step without one carries the last one taken, or
/// zeros. The reference does so, and files compare equal byte for byte; no contract reads it then. (The
/// reference also renews the second proof at every clock_gettime, proven or not; ours holds proven ones
/// only.)
/// </remarks>
internal sealed class Prover<TWord> : IMemoryObserver
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private readonly MachineImage<TWord> _image;
    private readonly PageTree _tree;
    private readonly byte[] _accessProofs;
    private ulong _lastAddress;
    private int _accessCount;
    private IMemoryObserver? _onlooker;

    public Prover(MachineImage<TWord> image, PageTree tree)
    {
        _image = image;
        _tree = tree;
        _accessProofs = new byte[(image.Features.MemoryProofCount - 1) * tree.ProofSizeBytes];
    }

    /// <summary>Executes a step with a proof.</summary>
    /// <param name="access">The machine's access, which is watched during the step.</param>
    /// <param name="step">Executes one step.</param>
    /// <param name="onlooker">Told of the accesses that are proven; null for nobody.</param>
    public StepProof Prove(LiveAccess<TWord> access, Action step, IMemoryObserver? onlooker = null)
    {
        _onlooker = onlooker;
        MachineState<TWord> state = _image.State;
        if (state.Exited)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, "An exited state has no further step to prove.");
        }

        ulong number = state.Step;
        byte[] witness = Witness.Of(state, _tree.Root());
        byte[] preHash = StateHash.Compute(witness, state.Exited, state.ExitCode);
        byte[] proofData = new byte[ProofLayout.SizeBytes(_image.Features)];
        int position = WriteThreadProof(proofData);
        _tree.Prove(ProgramCounter(), proofData.AsSpan(position, _tree.ProofSizeBytes));
        Execute(access, step);
        _accessProofs.CopyTo(proofData, position + _tree.ProofSizeBytes);
        return new StepProof
        {
            Step = number,
            PreHash = preHash,
            PostHash = StateHash.Compute(Witness.Of(state, _tree.Root()), state.Exited, state.ExitCode),
            StateData = witness,
            ProofData = proofData,
            Oracle = access.LastPreimageRead is { } read ? ToOracleData(read) : null,
        };
    }

    /// <inheritdoc/>
    public void MemoryAccessed(ulong guestAddress)
    {
        // An access begins by reading, so the proof is of the memory before its write.
        if (_accessCount > 0 && guestAddress == _lastAddress)
        {
            return;
        }

        _tree.Prove(
            guestAddress, _accessProofs.AsSpan(_accessCount * _tree.ProofSizeBytes, _tree.ProofSizeBytes));
        _onlooker?.MemoryAccessed(guestAddress);
        _lastAddress = guestAddress;
        _accessCount++;
    }

    private static OracleData ToOracleData(PreimageRead read)
    {
        byte[] value = new byte[PreimageRead.PrefixSizeBytes + read.Value.Length];
        BinaryPrimitives.WriteUInt64BigEndian(value, (ulong)read.Value.Length);
        read.Value.CopyTo(value, PreimageRead.PrefixSizeBytes);
        return new OracleData(read.Key, value, read.Offset);
    }

    private int WriteThreadProof(byte[] proofData)
    {
        if (_image.State.Threads is not { } threads)
        {
            return 0;
        }

        int recordSize = ThreadRecord.SizeBytes(_image.Features);
        ThreadRecord.Write(threads.Active, _image.Features, proofData);
        threads.ActiveStack.Root(_image.Features, without: 1).CopyTo(proofData, recordSize);
        return recordSize + Keccak256.DigestSizeBytes;
    }

    private void Execute(LiveAccess<TWord> access, Action step)
    {
        _accessCount = 0;
        access.LastPreimageRead = null;
        access.Observer = this;
        try
        {
            step();
        }
        finally
        {
            access.Observer = null;
        }
    }

    // SAFETY: the state's native block lives as long as the image.
    private unsafe ulong ProgramCounter() => ulong.CreateTruncating(_image.State.Cpu->Pc);
}
