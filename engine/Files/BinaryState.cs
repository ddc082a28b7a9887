using System;
using System.Buffers.Binary;
using System.IO;
using Culverin.Execute;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>
/// The binary state (VM-SPEC 11.2): version byte; page count; each page's index and 4096 bytes; what the
/// witness holds after the memory root; length of the unfinished hint and the hint. Numbers have 4 bytes,
/// big-endian.
/// </summary>
internal static unsafe class BinaryState
{
    private const int RootSizeBytes = Keccak256.DigestSizeBytes;
    private const int WitnessSizeBytes = Witness.SingleThreaded32SizeBytes;

    /// <summary>Where in the witness the exited byte is.</summary>
    private const int ExitedOffset = 89;

    /// <summary>The reference ignores any number of bytes after a state; nobody writes any.</summary>
    private const long TrailingMaxBytes = 1 << 20;

    /// <summary>Reads a state; bytes after it are ignored up to a limit.</summary>
    /// <exception cref="MalformedException">The content is wrong.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static MachineImage Read(Stream input)
    {
        Span<byte> version = stackalloc byte[1];
        input.ReadExactly(version);
        FeatureSet features = FeatureSet.Of((StateVersion)version[0]);
        var memory = new FlatMemory();
        try
        {
            ReadPages(input, memory);
            MachineState<uint> state = ReadState(input, features.Version);
            return new MachineImage<uint>(features, memory, state);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Writes a state.</summary>
    public static void Write(Stream output, MachineImage<uint> image)
    {
        output.WriteByte((byte)image.Features.Version);
        WriteUInt32(output, (uint)image.Memory.PageCount);
        foreach (ulong pageIndex in image.Memory.PresentPages())
        {
            WriteUInt32(output, (uint)pageIndex);

            // SAFETY: a page has exactly this many bytes, and the image lives until the write ends.
            output.Write(new ReadOnlySpan<byte>(
                image.Memory.PageForReading(pageIndex), GuestMemory.PageSizeBytes));
        }

        Span<byte> witness = stackalloc byte[WitnessSizeBytes];
        Witness.Write(image.State, stackalloc byte[RootSizeBytes], witness);
        output.Write(witness[RootSizeBytes..]);
        WriteUInt32(output, (uint)image.State.LastHint.Length);
        output.Write(image.State.LastHint);
    }

    private static void ReadPages(Stream input, FlatMemory memory)
    {
        uint count = ReadUInt32(input);
        if (count > FlatMemory.PageCountMax)
        {
            throw new MalformedException(
                $"it announces {count} pages and the address space has {FlatMemory.PageCountMax}");
        }

        for (uint number = 0; number < count; number++)
        {
            input.ReadExactly(StateRules.TakePage(memory, ReadUInt32(input)));
        }
    }

    private static MachineState<uint> ReadState(Stream input, StateVersion version)
    {
        Span<byte> witness = stackalloc byte[WitnessSizeBytes];
        witness[..RootSizeBytes].Clear();
        input.ReadExactly(witness[RootSizeBytes..]);
        if (witness[ExitedOffset] > 1)
        {
            throw new MalformedException($"its exited byte is {witness[ExitedOffset]}, neither 0 nor 1");
        }

        byte[] hint = ReadHint(input);
        Drain(input);
        MachineState<uint> state = Witness.Read<uint>(witness, version);
        state.LastHint = hint;
        try
        {
            StateRules.RequireZeroRegister(state);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static byte[] ReadHint(Stream input)
    {
        uint length = ReadUInt32(input);
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

    private static uint ReadUInt32(Stream input)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        input.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static void WriteUInt32(Stream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        output.Write(bytes);
    }
}
