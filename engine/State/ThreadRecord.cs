using System.Numerics;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// The bytes of a thread in state files, proofs and stack roots (VM-SPEC section 4): id, exit code 1,
/// exited 1, with futex state also address, value (4 bytes, a word in versions 1 and 3) and time-out step
/// 8, then pc, nextPC, LO, HI, r0 to r31; a word each, big-endian.
/// </summary>
internal static unsafe class ThreadRecord
{
    /// <summary>
    /// Most threads of a state. The reference has no bound; a guest that started threads for ever, or a file
    /// that announced them, could fill the host's memory.
    /// </summary>
    public const int CountMax = 1 << 16;

    /// <summary>Registers in a record.</summary>
    public const int RegisterCount = 32;

    private const int WordsAlways = 5 + RegisterCount;

    /// <summary>Bytes of a record: 166, 150, 322, 318 or 298 by version.</summary>
    public static int SizeBytes(FeatureSet features)
    {
        int always = (WordsAlways * features.WordSizeBytes) + 2;
        return features.HasFutexState
            ? always + features.WordSizeBytes + features.FutexValueSizeBytes + sizeof(ulong)
            : always;
    }

    /// <summary>Writes a thread; its <see cref="ThreadState{TWord}.Cpu"/> must be up to date.</summary>
    public static void Write<TWord>(ThreadState<TWord> thread, FeatureSet features, Span<byte> target)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        var writer = new ByteWriter(target);
        writer.Word(thread.Id);
        writer.Byte(thread.ExitCode);
        writer.Flag(thread.Exited);
        if (features.HasFutexState)
        {
            writer.Word(thread.FutexAddress);
            if (features.FutexValueSizeBytes == sizeof(uint))
            {
                writer.Word((uint)thread.FutexValue);
            }
            else
            {
                writer.UInt64(thread.FutexValue);
            }

            writer.UInt64(thread.FutexTimeoutStep);
        }

        WriteCpu(thread.Cpu, ref writer);
    }

    /// <summary>Reads a thread.</summary>
    /// <param name="source">Exactly <see cref="SizeBytes"/> bytes.</param>
    /// <param name="features">The version's rules.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/> when the exited byte is neither 0 nor 1.
    /// </exception>
    public static ThreadState<TWord> Read<TWord>(ReadOnlySpan<byte> source, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        var reader = new ByteReader(source);
        var thread = new ThreadState<TWord>
        {
            Id = reader.Word<TWord>(),
            ExitCode = reader.Byte(),
            Exited = reader.Flag("thread's exited"),
        };
        if (features.HasFutexState)
        {
            thread.FutexAddress = reader.Word<TWord>();
            thread.FutexValue =
                features.FutexValueSizeBytes == sizeof(uint) ? reader.Word<uint>() : reader.UInt64();
            thread.FutexTimeoutStep = reader.UInt64();
        }

        ReadCpu(ref thread.Cpu, ref reader);
        return thread;
    }

    private static void WriteCpu<TWord>(in CpuState<TWord> cpu, ref ByteWriter writer)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        writer.Word(cpu.Pc);
        writer.Word(cpu.NextPc);
        writer.Word(cpu.Lo);
        writer.Word(cpu.Hi);
        foreach (TWord register in (ReadOnlySpan<TWord>)cpu.Registers)
        {
            writer.Word(register);
        }
    }

    private static void ReadCpu<TWord>(ref CpuState<TWord> cpu, ref ByteReader reader)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        cpu.Pc = reader.Word<TWord>();
        cpu.NextPc = reader.Word<TWord>();
        cpu.Lo = reader.Word<TWord>();
        cpu.Hi = reader.Word<TWord>();
        foreach (ref TWord register in (Span<TWord>)cpu.Registers)
        {
            register = reader.Word<TWord>();
        }
    }
}
