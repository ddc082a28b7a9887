using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Execute;
using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>
/// The binary state (VM-SPEC 11.2): version byte; page count; each page's index and 4096 bytes; what the
/// witness holds after the memory root, with the threads themselves in place of the stack roots; length of
/// the unfinished hint (4 bytes) and the hint. Numbers have a word, big-endian.
/// </summary>
internal static unsafe class BinaryState
{
    private const int RootSizeBytes = Keccak256.DigestSizeBytes;

    /// <summary>The reference ignores any number of bytes after a state; nobody writes any.</summary>
    private const long TrailingMaxBytes = 1 << 20;

    /// <summary>Most threads on a stack: the guests known have tens. The reference has no bound.</summary>
    private const int ThreadsMax = 1 << 16;

    /// <summary>Reads a state; bytes after it are ignored up to a limit.</summary>
    /// <exception cref="MalformedException">The content is wrong.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.UnsupportedVersion"/>; <see cref="ErrorCode.InvalidState"/>, as a whole sentence,
    /// where the rules of states rather than of files are broken.
    /// </exception>
    public static MachineImage Read(Stream input)
    {
        Span<byte> version = stackalloc byte[1];
        input.ReadExactly(version);
        FeatureSet features = FeatureSet.Of((StateVersion)version[0]);
        return features.WordBits == 32
            ? Read<uint>(input, features, new FlatMemory())
            : Read<ulong>(input, features, new SparseMemory());
    }

    /// <summary>Writes a state.</summary>
    public static void Write(Stream output, MachineImage image)
    {
        if (image is MachineImage<uint> image32)
        {
            Write(output, image32);
        }
        else
        {
            Write(output, (MachineImage<ulong>)image);
        }
    }

    private static MachineImage<TWord> Read<TWord>(Stream input, FeatureSet features, GuestMemory memory)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        MachineState<TWord>? state = null;
        try
        {
            ReadPages<TWord>(input, memory);
            state = ReadState<TWord>(input, features);
            Drain(input);
            return new MachineImage<TWord>(memory, state);
        }
        catch
        {
            state?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    private static void Write<TWord>(Stream output, MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        output.WriteByte((byte)image.Features.Version);
        WriteWord(output, TWord.CreateTruncating(image.Memory.PageCount));
        foreach (ulong pageIndex in image.Memory.PresentPages())
        {
            WriteWord(output, TWord.CreateTruncating(pageIndex));

            // SAFETY: a page has exactly this many bytes, and the image lives until the write ends.
            output.Write(new ReadOnlySpan<byte>(
                image.Memory.PageForReading(pageIndex), GuestMemory.PageSizeBytes));
        }

        WriteState(output, image);
    }

    /// <summary>Writes what follows the pages.</summary>
    public static void WriteState<TWord>(Stream output, MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        byte[] witness = Witness.Of(image.State, stackalloc byte[RootSizeBytes]);
        output.Write(witness.AsSpan(RootSizeBytes..^TailSizeBytes(image.Features)));
        if (image.State.Threads is { } threads)
        {
            WriteWord(output, threads.NextThreadId);
            WriteStack(output, threads.Left, image.Features);
            WriteStack(output, threads.Right, image.Features);
        }

        WriteWord(output, (uint)image.State.LastHint.Length);
        output.Write(image.State.LastHint);
    }

    // The end of a threaded witness, stack roots and next thread's number, is not in the file as such.
    private static int TailSizeBytes(FeatureSet features) =>
        features.HasThreads ? (2 * RootSizeBytes) + features.WordSizeBytes : 0;

    private static void ReadPages<TWord>(Stream input, GuestMemory memory)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        ulong pageCountMax = 1UL << (memory.AddressBits - GuestMemory.PageShift);
        ulong count = ulong.CreateTruncating(ReadWord<TWord>(input));
        if (count > pageCountMax)
        {
            throw new MalformedException(
                $"it announces {count} pages and the address space has {pageCountMax}");
        }

        for (ulong number = 0; number < count; number++)
        {
            ulong pageIndex = ulong.CreateTruncating(ReadWord<TWord>(input));
            input.ReadExactly(StateRules.TakePage(memory, pageIndex));
        }
    }

    /// <summary>Reads what follows the pages; errors as <see cref="Read(Stream)"/>.</summary>
    public static MachineState<TWord> ReadState<TWord>(Stream input, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        byte[] witness = new byte[Witness.SizeBytes(features)];
        input.ReadExactly(witness.AsSpan(RootSizeBytes..^TailSizeBytes(features)));
        if (features.HasThreads)
        {
            input.ReadExactly(witness.AsSpan(^features.WordSizeBytes..));
        }

        MachineState<TWord> state = Witness.Read<TWord>(witness, features.Version);
        try
        {
            if (state.Threads is { } threads)
            {
                threads.SetStacks(ReadStack<TWord>(input, features), ReadStack<TWord>(input, features));
                threads.LoadActive();
                _ = threads.Active;
            }

            state.LastHint = ReadHint(input);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static ThreadStack<TWord> ReadStack<TWord>(Stream input, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        ulong count = ulong.CreateTruncating(ReadWord<TWord>(input));
        if (count > ThreadsMax)
        {
            throw new MalformedException(
                $"it announces {count} threads on a stack; the limit is {ThreadsMax}");
        }

        var stack = new ThreadStack<TWord>();
        Span<byte> record = stackalloc byte[ThreadRecord.SizeBytes(features)];
        for (ulong number = 0; number < count; number++)
        {
            input.ReadExactly(record);
            stack.Push(ThreadRecord.Read<TWord>(record, features));
        }

        return stack;
    }

    private static void WriteStack<TWord>(Stream output, ThreadStack<TWord> stack, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        WriteWord(output, TWord.CreateTruncating(stack.Known.Count));
        Span<byte> record = stackalloc byte[ThreadRecord.SizeBytes(features)];
        foreach (ThreadState<TWord> thread in stack.Known)
        {
            ThreadRecord.Write(thread, features, record);
            output.Write(record);
        }
    }

    private static byte[] ReadHint(Stream input)
    {
        uint length = ReadWord<uint>(input);
        if (length > LiveAccess<uint>.PendingHintMaxBytes)
        {
            throw new MalformedException(
                $"it announces an unfinished hint of {length} bytes; the limit is "
                    + $"{LiveAccess<uint>.PendingHintMaxBytes}");
        }

        // Not cleared: should the bytes not come, the host has not given the memory yet either.
        byte[] hint = GC.AllocateUninitializedArray<byte>((int)length);
        input.ReadExactly(hint);
        return hint;
    }

    /// <summary>Reads to the end, because that is where a decompressor compares its checksum.</summary>
    private static void Drain(Stream input)
    {
        Span<byte> ignored = stackalloc byte[GuestMemory.PageSizeBytes];
        long total = 0;
        for (int count = input.Read(ignored); count > 0; count = input.Read(ignored))
        {
            total += count;
            if (total > TrailingMaxBytes)
            {
                throw new MalformedException(
                    $"it goes on for more than {TrailingMaxBytes} bytes after the state");
            }
        }
    }

    private static TWord ReadWord<TWord>(Stream input)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<TWord>()];
        input.ReadExactly(bytes);
        return TWord.ReadBigEndian(bytes, isUnsigned: true);
    }

    private static void WriteWord<TWord>(Stream output, TWord value)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<TWord>()];
        _ = value.WriteBigEndian(bytes);
        output.Write(bytes);
    }
}
