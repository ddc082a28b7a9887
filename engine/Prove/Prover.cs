using System;
using System.Buffers.Binary;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.State;

namespace Culverin.Prove;

/// <summary>
/// Executes one step of a live machine and records what a contract needs to execute it too.
/// </summary>
/// <remarks>
/// The memory proof is not cleared between steps: a step without a memory access carries the last one taken,
/// or zeros. The reference does so, and files compare equal byte for byte; no contract reads it then.
/// </remarks>
internal sealed class Prover : IMemoryObserver
{
    private readonly MachineImage<uint> _image;
    private readonly PageTree _tree;
    private readonly byte[] _memoryProof;
    private bool _proven;

    public Prover(MachineImage<uint> image, PageTree tree)
    {
        _image = image;
        _tree = tree;
        _memoryProof = new byte[tree.ProofSizeBytes];
    }

    /// <summary>Executes a step with a proof.</summary>
    /// <param name="access">The machine's access, which is watched during the step.</param>
    /// <param name="step">Executes one step.</param>
    public StepProof Prove(LiveAccess<uint> access, Action step)
    {
        MachineState<uint> state = _image.State;
        if (state.Exited)
        {
            throw new CulverinException(ErrorCode.InvalidArgument, "An exited state has "
                + "no further step to prove.");
        }

        ulong number = state.Step;
        byte[] witness = CurrentWitness();
        byte[] preHash = StateHash.Compute(witness, state.Exited, state.ExitCode);
        byte[] proofData = new byte[2 * _tree.ProofSizeBytes];
        _tree.Prove(ProgramCounter(), proofData.AsSpan(0, _tree.ProofSizeBytes));
        Execute(access, step);
        _memoryProof.CopyTo(proofData, _tree.ProofSizeBytes);
        return new StepProof
        {
            Step = number,
            PreHash = preHash,
            PostHash = StateHash.Compute(CurrentWitness(), state.Exited, state.ExitCode),
            StateData = witness,
            ProofData = proofData,
            Oracle = access.LastPreimageRead is { } read ? ToOracleData(read) : null,
        };
    }

    /// <inheritdoc/>
    public void MemoryAccessed(ulong guestAddress)
    {
        // A step accesses one word, first by reading it; the proof is of the state before any write.
        if (!_proven)
        {
            _tree.Prove(guestAddress, _memoryProof);
            _proven = true;
        }
    }

    private static OracleData ToOracleData(PreimageRead read)
    {
        byte[] value = new byte[PreimageRead.PrefixSizeBytes + read.Value.Length];
        BinaryPrimitives.WriteUInt64BigEndian(value, (ulong)read.Value.Length);
        read.Value.CopyTo(value, PreimageRead.PrefixSizeBytes);
        return new OracleData(read.Key, value, read.Offset);
    }

    private void Execute(LiveAccess<uint> access, Action step)
    {
        _proven = false;
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

    // SAFETY: the image's state owns the block as long as it is not disposed.
    private unsafe uint ProgramCounter() => _image.State.Cpu->Pc;

    private byte[] CurrentWitness()
    {
        byte[] witness = new byte[Witness.SizeBytes<uint>()];
        Witness.Write(_image.State, _tree.Root(), witness);
        return witness;
    }
}
