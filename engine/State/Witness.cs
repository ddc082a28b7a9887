using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Primitives;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// The bytes that a state hash commits to, for single-threaded versions (VM-SPEC section 3): memory root 32,
/// pre-image key 32, offset, pc, nextPC, LO, HI, heap (a word each), exit code 1, exited 1, step 8, r0 to
/// r31. All big-endian, packed: 226 bytes with 32-bit words.
/// </summary>
public static unsafe class Witness
{
    /// <summary>Bytes of a 32-bit single-threaded witness.</summary>
    public const int SingleThreaded32SizeBytes = 226;

    private const int RegisterCount = 32;

    /// <summary>Bytes of a witness with words of this size.</summary>
    public static int SizeBytes<TWord>()
        where TWord : unmanaged =>
        (2 * Keccak256.DigestSizeBytes) + (6 * Unsafe.SizeOf<TWord>()) + 2 + sizeof(ulong)
            + (RegisterCount * Unsafe.SizeOf<TWord>());

    /// <summary>Writes a state's witness.</summary>
    /// <param name="state">The state.</param>
    /// <param name="memoryRoot">32 bytes.</param>
    /// <param name="target">Receives <see cref="SizeBytes{TWord}"/> bytes.</param>
    public static void Write<TWord>(
        MachineState<TWord> state, ReadOnlySpan<byte> memoryRoot, Span<byte> target)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        memoryRoot.CopyTo(target);
        state.PreimageKey.CopyTo(target[Keccak256.DigestSizeBytes..]);
        int position = 2 * Keccak256.DigestSizeBytes;

        // SAFETY: the state's native block outlives this call.
        CpuState<TWord>* cpu = state.Cpu;
        position += state.PreimageOffset.WriteBigEndian(target[position..]);
        position += cpu->Pc.WriteBigEndian(target[position..]);
        position += cpu->NextPc.WriteBigEndian(target[position..]);
        position += cpu->Lo.WriteBigEndian(target[position..]);
        position += cpu->Hi.WriteBigEndian(target[position..]);
        position += state.Heap.WriteBigEndian(target[position..]);
        target[position++] = state.ExitCode;
        target[position++] = state.Exited ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(target[position..], state.Step);
        position += sizeof(ulong);
        for (int register = 0; register < RegisterCount; register++)
        {
            position += CpuState<TWord>.RegistersOf(cpu)[register].WriteBigEndian(target[position..]);
        }
    }

    /// <summary>Reads a witness into a new state, as the contract does.</summary>
    /// <param name="source">Exactly <see cref="SizeBytes{TWord}"/> bytes.</param>
    /// <param name="version">Whose rules will apply.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidProof"/> when the length or the exited byte is wrong.
    /// </exception>
    public static MachineState<TWord> Read<TWord>(ReadOnlySpan<byte> source, StateVersion version)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        if (source.Length != SizeBytes<TWord>())
        {
            throw new CulverinException(
                ErrorCode.InvalidProof,
                $"A state witness of version {(byte)version} has {SizeBytes<TWord>()} "
                    + $"bytes, not {source.Length}.");
        }

        var state = new MachineState<TWord>(version);
        int position = Keccak256.DigestSizeBytes;
        source.Slice(position, Keccak256.DigestSizeBytes).CopyTo(state.PreimageKey);
        position += Keccak256.DigestSizeBytes;
        CpuState<TWord>* cpu = state.Cpu;
        state.PreimageOffset = Take<TWord>(source, ref position);
        cpu->Pc = Take<TWord>(source, ref position);
        cpu->NextPc = Take<TWord>(source, ref position);
        cpu->Lo = Take<TWord>(source, ref position);
        cpu->Hi = Take<TWord>(source, ref position);
        state.Heap = Take<TWord>(source, ref position);
        state.ExitCode = source[position++];
        byte exited = source[position++];
        if (exited > 1)
        {
            state.Dispose();
            throw new CulverinException(
                ErrorCode.InvalidProof, $"The exited byte of a state witness is 0 or 1, not {exited}.");
        }

        state.Exited = exited == 1;
        state.Step = BinaryPrimitives.ReadUInt64BigEndian(source[position..]);
        position += sizeof(ulong);
        for (int register = 0; register < RegisterCount; register++)
        {
            CpuState<TWord>.RegistersOf(cpu)[register] = Take<TWord>(source, ref position);
        }

        return state;
    }

    private static TWord Take<TWord>(ReadOnlySpan<byte> source, ref int position)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        TWord value = TWord.ReadBigEndian(source.Slice(position, sizeof(TWord)), isUnsigned: true);
        position += sizeof(TWord);
        return value;
    }
}
