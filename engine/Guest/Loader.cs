using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Guest;

/// <summary>Makes a program's first state: segments, patches, stack (VM-SPEC section 12).</summary>
internal static class Loader
{
    private const int StackPagesBelow = 4;
    private const int StackPages = 5;
    private const int StackPointerRegister = 29;
    private const uint AuxPageSize = 6;
    private const uint AuxRandom = 25;

    /// <summary>
    /// Most bytes that all segments together may fill; overlapping segments could otherwise keep the loader
    /// busy for hours.
    /// </summary>
    private const ulong SegmentBytesMax = 1UL << 30;

    /// <summary>Loads a program for a version.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, with what is wrong.
    /// </exception>
    public static MachineImage Load(ElfFile elf, StateVersion version) =>
        FeatureSet.Of(version).WordBits == 32 ? Load32(elf, version) : Load64(elf, version);

    /// <summary>Loads a 32-bit program.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, with what is wrong.
    /// </exception>
    public static MachineImage<uint> Load32(ElfFile elf, StateVersion version)
    {
        CheckClass(elf, FeatureSet.Of(version));
        return Fill(elf, MachineImage.CreateEmpty32(version));
    }

    /// <summary>Loads a 64-bit program.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, with what is wrong.
    /// </exception>
    public static MachineImage<ulong> Load64(ElfFile elf, StateVersion version)
    {
        CheckClass(elf, FeatureSet.Of(version));
        return Fill(elf, MachineImage.CreateEmpty64(version));
    }

    /// <summary>Why no version can run the file, whatever is in it.</summary>
    /// <returns>The end of a sentence; null if nothing speaks against it.</returns>
    public static string? RefusalOf(ElfFile elf) => elf switch
    {
        { Type: ElfType.Relocatable } => "it is an object file, not a program; link it first",
        { Type: ElfType.Core } => "it is a core dump, not a program",
        { Type: not (ElfType.Executable or ElfType.Dynamic) } =>
            $"it is of ELF type {(int)elf.Type}, not a program",
        { Interpreter: { } interpreter } =>
            $"it needs {interpreter}, and there are no shared libraries here; link it with -static",
        { Type: ElfType.Dynamic, EntryPoint: 0 } =>
            "it is a shared library, not a program: it has no entry point",
        _ => null,
    };

    private static CulverinException Invalid(string why) =>
        new(ErrorCode.InvalidElf, $"The ELF file cannot be loaded: {why}.");

    private static void CheckClass(ElfFile elf, FeatureSet features)
    {
        if (RefusalOf(elf) is { } why)
        {
            throw Invalid(why);
        }

        int elfBits = elf.Is64 ? 64 : 32;
        if (elfBits != features.WordBits)
        {
            throw Invalid(
                $"it is a {elfBits}-bit program and state version {(byte)features.Version} has "
                    + $"{features.WordBits}-bit words");
        }

        if (!elf.HasSymbolTable)
        {
            throw Invalid(
                "it has no symbol table (was it stripped?); the loader must find Go runtime functions");
        }
    }

    private static MachineImage<TWord> Fill<TWord>(ElfFile elf, MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        try
        {
            CopySegments(elf, image);
            if (!image.Features.HasThreads)
            {
                _ = GoPatches.Apply(elf, image.Memory);
            }

            SetUpStack<TWord>(image);
            SetUpRegisters(elf, image);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static unsafe void SetUpRegisters<TWord>(ElfFile elf, MachineImage<TWord> image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        // SAFETY: the state's native block outlives this call.
        CpuState<TWord>* cpu = image.State.Cpu;
        cpu->Pc = TWord.CreateTruncating(elf.EntryPoint);
        cpu->NextPc = unchecked(cpu->Pc + TWord.CreateTruncating(4));
        cpu->Registers[StackPointerRegister] = TWord.CreateTruncating(image.Features.InitialStackPointer);
        image.State.Heap = TWord.CreateTruncating(image.Features.HeapStart);
        image.State.Threads?.SaveActive();
    }

    private static void CopySegments(ElfFile elf, MachineImage image)
    {
        ulong total = 0;
        for (int index = 0; index < elf.Segments.Count; index++)
        {
            ElfSegment segment = elf.Segments[index];
            if (segment.Type == ElfSegment.MipsAbiFlagsType)
            {
                continue;
            }

            Check(segment, index, image.Features);
            total += segment.MemorySizeBytes;
            if (total > SegmentBytesMax)
            {
                throw Invalid($"its segments fill more than {SegmentBytesMax >> 20} MiB");
            }

            ulong start = segment.VirtualAddress;
            image.Memory.WriteBytes(start, elf.ContentOf(segment));
            FillZeros(
                image.Memory, start + segment.FileSizeBytes, segment.MemorySizeBytes - segment.FileSizeBytes);
            TouchAfter(image, start + segment.MemorySizeBytes);
        }
    }

    private static void Check(ElfSegment segment, int index, FeatureSet features)
    {
        string name = $"segment {index} ({segment.TypeName})";
        if (segment.FileSizeBytes > segment.MemorySizeBytes)
        {
            throw Invalid(
                $"{name} has {segment.FileSizeBytes} bytes in the file, more than its "
                    + $"{segment.MemorySizeBytes} in memory");
        }

        if (segment.FileSizeBytes != segment.MemorySizeBytes && segment.Type != ElfSegment.LoadType)
        {
            string holds =
                segment.Type == ElfSegment.ThreadLocalType ? " holds thread-local variables and" : "";
            throw Invalid(
                $"{name}{holds} is to be filled with zeros, which the reference's loader does in segments "
                    + "of type PT_LOAD only");
        }

        ulong end = unchecked(segment.VirtualAddress + segment.MemorySizeBytes);
        if (end < segment.VirtualAddress || end > features.LoadAddressMax)
        {
            throw Invalid(
                $"{name} (0x{segment.VirtualAddress:x}, {segment.MemorySizeBytes} bytes) ends above "
                    + $"0x{features.LoadAddressMax:x}");
        }

        if (end >= features.HeapStart)
        {
            throw Invalid(
                $"{name} ends at 0x{end:x}, at or above the heap's start 0x{features.HeapStart:x}");
        }
    }

    private static unsafe void FillZeros(GuestMemory memory, ulong start, ulong count)
    {
        while (count > 0)
        {
            ulong offset = start & (GuestMemory.PageSizeBytes - 1);
            ulong size = Math.Min(count, GuestMemory.PageSizeBytes - offset);

            // SAFETY: offset + size stays within the page's 4096 bytes.
            new Span<byte>(memory.PageForWriting(start >> GuestMemory.PageShift) + offset, (int)size).Clear();
            start += size;
            count -= size;
        }
    }

    private static unsafe void TouchAfter(MachineImage image, ulong end)
    {
        if (image.Features.LoaderTouchesPageAfterData)
        {
            _ = image.Memory.PageForWriting(end >> GuestMemory.PageShift);
        }
    }

    private static void SetUpStack<TWord>(MachineImage image)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        ulong stackPointer = image.Features.InitialStackPointer;
        ulong bottom = stackPointer - (StackPagesBelow * GuestMemory.PageSizeBytes);
        FillZeros(image.Memory, bottom, StackPages * GuestMemory.PageSizeBytes);
        TouchAfter(image, bottom + (StackPages * GuestMemory.PageSizeBytes));

        int wordSizeBytes = Unsafe.SizeOf<TWord>();
        byte[] random = Padded("4;byfairdiceroll"u8, wordSizeBytes);
        byte[] environment = Padded("GODEBUG=memprofilerate=0\0"u8, wordSizeBytes);
        byte[] name = Padded("op-program\0"u8, wordSizeBytes);

        // argc, argv, envp and the auxiliary vector, each list closed by a zero word.
        const int Words = 10;
        ulong randomAt = stackPointer + (ulong)(Words * wordSizeBytes);
        ulong environmentAt = randomAt + (ulong)random.Length;
        ulong nameAt = environmentAt + (ulong)environment.Length;
        ReadOnlySpan<ulong> words =
            [1, nameAt, 0, environmentAt, 0, AuxPageSize, GuestMemory.PageSizeBytes, AuxRandom, randomAt, 0];
        byte[] bytes = new byte[Words * wordSizeBytes];
        for (int index = 0; index < Words; index++)
        {
            _ = TWord.CreateTruncating(words[index]).WriteBigEndian(bytes.AsSpan(index * wordSizeBytes));
        }

        image.Memory.WriteBytes(stackPointer, [.. bytes, .. random, .. environment, .. name]);
    }

    private static byte[] Padded(ReadOnlySpan<byte> text, int wordSizeBytes)
    {
        byte[] padded = new byte[(text.Length + wordSizeBytes - 1) / wordSizeBytes * wordSizeBytes];
        text.CopyTo(padded);
        return padded;
    }
}
