using System.Numerics;
using Culverin.Primitives;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// The bytes that a state hash commits to (VM-SPEC section 3): big-endian, packed. Single-threaded states
/// hold the registers themselves (226 bytes), multithreaded ones two thread stack roots (172, 168, 196 or
/// 188).
/// </summary>
internal static unsafe class Witness
{
    // SAFETY: all pointers in here are a state's native block, which lives as long as the state.
    private const int RegisterCount = 32;

    /// <summary>Bytes of a witness.</summary>
    public static int SizeBytes(FeatureSet features)
    {
        int common = (2 * Keccak256.DigestSizeBytes) + (2 * features.WordSizeBytes) + 2 + sizeof(ulong);
        if (!features.HasThreads)
        {
            return common + ((4 + RegisterCount) * features.WordSizeBytes);
        }

        int words = features.HasFutexState ? 4 : 3;
        int stackRoots = 2 * Keccak256.DigestSizeBytes;
        return common + 2 + (words * features.WordSizeBytes) + sizeof(ulong) + stackRoots;
    }

    /// <summary>The witness of a state.</summary>
    /// <param name="state">The state; its active thread's record is brought up to date.</param>
    /// <param name="memoryRoot">32 bytes.</param>
    public static byte[] Of<TWord>(MachineState<TWord> state, ReadOnlySpan<byte> memoryRoot)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        byte[] witness = new byte[SizeBytes(state.Features)];
        var writer = new ByteWriter(witness);
        writer.Bytes(memoryRoot);
        writer.Bytes(state.PreimageKey);
        writer.Word(state.PreimageOffset);
        if (state.Threads is { } threads)
        {
            WriteThreaded(state, threads, ref writer);
        }
        else
        {
            WriteSingle(state, ref writer);
        }

        return witness;
    }

    /// <summary>Reads a witness into a new state, as the contract does.</summary>
    /// <param name="source">Exactly <see cref="SizeBytes"/> bytes.</param>
    /// <param name="version">Whose rules will apply.</param>
    /// <returns>The state; of its thread stacks only the roots are known. The caller disposes it.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidProof"/> when the length is wrong, <see cref="ErrorCode.InvalidState"/>
    /// when a flag byte is neither 0 nor 1.
    /// </exception>
    public static MachineState<TWord> Read<TWord>(ReadOnlySpan<byte> source, StateVersion version)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        int size = SizeBytes(FeatureSet.Of(version));
        if (source.Length != size)
        {
            throw new CulverinException(
                ErrorCode.InvalidProof,
                $"A state witness of version {(byte)version} has {size} bytes, not {source.Length}.");
        }

        var state = new MachineState<TWord>(version);
        try
        {
            var reader = new ByteReader(source[Keccak256.DigestSizeBytes..]);
            reader.Bytes(Keccak256.DigestSizeBytes).CopyTo(state.PreimageKey);
            state.PreimageOffset = reader.Word<TWord>();
            if (state.Threads is { } threads)
            {
                ReadThreaded(state, threads, ref reader);
            }
            else
            {
                ReadSingle(state, ref reader);
            }

            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static void WriteSingle<TWord>(MachineState<TWord> state, ref ByteWriter writer)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        CpuState<TWord>* cpu = state.Cpu;
        writer.Word(cpu->Pc);
        writer.Word(cpu->NextPc);
        writer.Word(cpu->Lo);
        writer.Word(cpu->Hi);
        writer.Word(state.Heap);
        writer.Byte(state.ExitCode);
        writer.Flag(state.Exited);
        writer.UInt64(state.Step);
        for (int register = 0; register < RegisterCount; register++)
        {
            writer.Word(CpuState<TWord>.RegistersOf(cpu)[register]);
        }
    }

    private static void ReadSingle<TWord>(MachineState<TWord> state, ref ByteReader reader)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        CpuState<TWord>* cpu = state.Cpu;
        cpu->Pc = reader.Word<TWord>();
        cpu->NextPc = reader.Word<TWord>();
        cpu->Lo = reader.Word<TWord>();
        cpu->Hi = reader.Word<TWord>();
        state.Heap = reader.Word<TWord>();
        state.ExitCode = reader.Byte();
        state.Exited = reader.Flag("exited");
        state.Step = reader.UInt64();
        for (int register = 0; register < RegisterCount; register++)
        {
            CpuState<TWord>.RegistersOf(cpu)[register] = reader.Word<TWord>();
        }
    }

    private static void WriteThreaded<TWord>(
        MachineState<TWord> state, ThreadTable<TWord> threads, ref ByteWriter writer)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        threads.SaveActive();
        writer.Word(state.Heap);
        writer.Byte((byte)threads.Reservation);
        writer.Word(threads.ReservedAddress);
        writer.Word(threads.ReservationOwner);
        writer.Byte(state.ExitCode);
        writer.Flag(state.Exited);
        writer.UInt64(state.Step);
        writer.UInt64(threads.StepsSinceLastContextSwitch);
        if (state.Features.HasFutexState)
        {
            writer.Word(threads.Wakeup);
        }

        writer.Flag(threads.TraverseRight);
        writer.Bytes(threads.Left.Root(state.Features));
        writer.Bytes(threads.Right.Root(state.Features));
        writer.Word(threads.NextThreadId);
    }

    private static void ReadThreaded<TWord>(
        MachineState<TWord> state, ThreadTable<TWord> threads, ref ByteReader reader)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        state.Heap = reader.Word<TWord>();
        threads.Reservation = (ReservationStatus)reader.Byte();
        threads.ReservedAddress = reader.Word<TWord>();
        threads.ReservationOwner = reader.Word<TWord>();
        state.ExitCode = reader.Byte();
        state.Exited = reader.Flag("exited");
        state.Step = reader.UInt64();
        threads.StepsSinceLastContextSwitch = reader.UInt64();
        if (state.Features.HasFutexState)
        {
            threads.Wakeup = reader.Word<TWord>();
        }

        threads.TraverseRight = reader.Flag("traverse-right");
        var left = new ThreadStack<TWord>(reader.Bytes(Keccak256.DigestSizeBytes));
        var right = new ThreadStack<TWord>(reader.Bytes(Keccak256.DigestSizeBytes));
        threads.SetStacks(left, right);
        threads.NextThreadId = reader.Word<TWord>();
    }
}
