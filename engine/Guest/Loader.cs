using System;
using System.Buffers.Binary;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Guest;

/// <summary>Makes a program's first state: segments, patches, stack (VM-SPEC section 12).</summary>
public static class Loader
{
    private const uint HeapStart = 0x0500_0000;
    private const uint StackPointer = 0x7FFF_D000;
    private const int StackPagesBelow = 4;
    private const int StackPages = 5;
    private const int StackPointerRegister = 29;
    private const int AuxiliaryWords = 10;
    private const uint AuxPageSize = 6;
    private const uint AuxRandom = 25;

    /// <summary>
    /// Most bytes that all segments together may fill; overlapping segments could otherwise keep the loader
    /// busy for hours.
    /// </summary>
    private const ulong SegmentBytesMax = 1UL << 30;

    /// <summary>Loads a 32-bit program for a single-threaded version.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, with what is wrong.
    /// </exception>
    public static MachineImage<uint> Load32(ElfFile elf, StateVersion version)
    {
        if (elf.Is64)
        {
            throw Invalid($"it is a 64-bit program and state version {(byte)version} has 32-bit words");
        }

        if (!elf.HasSymbolTable)
        {
            throw Invalid("it has no symbol table (was it stripped?); the loader "
                + "must find Go runtime functions");
        }

        MachineImage<uint> image = MachineImage.CreateEmpty32(version);
        try
        {
            CopySegments(elf, image);
            _ = GoPatches.Apply(elf, image.Memory);
            SetUpStack(image);
            SetUpRegisters(elf, image.State);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static CulverinException Invalid(string why) =>
        new(ErrorCode.InvalidElf, $"The ELF file cannot be loaded: {why}.");

    private static unsafe void SetUpRegisters(ElfFile elf, MachineState<uint> state)
    {
        // SAFETY: the state's native block outlives this call.
        state.Cpu->Pc = (uint)elf.EntryPoint;
        state.Cpu->NextPc = (uint)elf.EntryPoint + 4;
        state.Cpu->Registers[StackPointerRegister] = StackPointer;
        state.Heap = HeapStart;
    }

    private static void CopySegments(ElfFile elf, MachineImage<uint> image)
    {
        ulong total = 0;
        for (int index = 0; index < elf.Segments.Count; index++)
        {
            ElfSegment segment = elf.Segments[index];
            if (segment.Type == ElfSegment.MipsAbiFlagsType)
            {
                continue;
            }

            Check(segment, index);
            total += segment.MemorySizeBytes;
            if (total > SegmentBytesMax)
            {
                throw Invalid($"its segments fill more than {SegmentBytesMax >> 20} MiB");
            }

            uint start = (uint)segment.VirtualAddress;
            image.Memory.WriteBytes(start, elf.ContentOf(segment));
            FillZeros(
                image.Memory,
                start + (uint)segment.FileSizeBytes,
                segment.MemorySizeBytes - segment.FileSizeBytes);
            TouchAfter(image, start + (uint)segment.MemorySizeBytes);
        }
    }

    private static void Check(ElfSegment segment, int index)
    {
        if (segment.FileSizeBytes > segment.MemorySizeBytes)
        {
            throw Invalid(
                $"segment {index} has {segment.FileSizeBytes} bytes in the file, more than its "
                    + $"{segment.MemorySizeBytes} in memory");
        }

        if (segment.FileSizeBytes != segment.MemorySizeBytes && segment.Type != ElfSegment.LoadType)
        {
            throw Invalid($"segment {index} is to be filled with zeros but is not of type PT_LOAD");
        }

        ulong end = unchecked(segment.VirtualAddress + segment.MemorySizeBytes);
        if (end < segment.VirtualAddress || end > uint.MaxValue)
        {
            throw Invalid(
                $"segment {index} (0x{segment.VirtualAddress:x}, {segment.MemorySizeBytes} "
                    + "bytes) leaves the 32-bit address space");
        }

        if (end >= HeapStart)
        {
            throw Invalid($"segment {index} ends at 0x{end:x}, at or above the heap's start 0x{HeapStart:x}");
        }
    }

    private static unsafe void FillZeros(GuestMemory memory, uint start, ulong count)
    {
        while (count > 0)
        {
            uint offset = start & (GuestMemory.PageSizeBytes - 1);
            uint size = (uint)Math.Min(count, GuestMemory.PageSizeBytes - offset);

            // SAFETY: offset + size stays within the page's 4096 bytes.
            new Span<byte>(memory.PageForWriting(start >> GuestMemory.PageShift) + offset, (int)size).Clear();
            start += size;
            count -= size;
        }
    }

    private static unsafe void TouchAfter(MachineImage<uint> image, uint end)
    {
        if (image.Features.LoaderTouchesPageAfterData)
        {
            _ = image.Memory.PageForWriting(end >> GuestMemory.PageShift);
        }
    }

    private static void SetUpStack(MachineImage<uint> image)
    {
        uint bottom = StackPointer - (StackPagesBelow * GuestMemory.PageSizeBytes);
        FillZeros(image.Memory, bottom, StackPages * GuestMemory.PageSizeBytes);
        TouchAfter(image, bottom + (StackPages * GuestMemory.PageSizeBytes));

        ReadOnlySpan<byte> random = "4;byfairdiceroll"u8;
        ReadOnlySpan<byte> environment = "GODEBUG=memprofilerate=0\0\0\0\0"u8;
        ReadOnlySpan<byte> name = "op-program\0\0"u8;
        uint randomAt = StackPointer + (AuxiliaryWords * sizeof(uint));
        uint environmentAt = randomAt + (uint)random.Length;
        uint nameAt = environmentAt + (uint)environment.Length;
        image.Memory.WriteBytes(randomAt, random);
        image.Memory.WriteBytes(environmentAt, environment);
        image.Memory.WriteBytes(nameAt, name);

        // argc, argv, envp and the auxiliary vector, each list closed by a zero word.
        ReadOnlySpan<uint> words =
            [1, nameAt, 0, environmentAt, 0, AuxPageSize, GuestMemory.PageSizeBytes, AuxRandom, randomAt, 0];
        Span<byte> bytes = stackalloc byte[AuxiliaryWords * sizeof(uint)];
        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(index * sizeof(uint))..], words[index]);
        }

        image.Memory.WriteBytes(StackPointer, bytes);
    }
}
