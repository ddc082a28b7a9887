using Culverin.Guest;
using Culverin.Inspect.Symbols;
using Culverin.State;

namespace Culverin.Inspect;

/// <summary>Whether a state is one of a program's.</summary>
internal static class ProgramMatch
{
    /// <summary>The symbols of a program, if the state has its code.</summary>
    /// <param name="elf">The program.</param>
    /// <param name="image">A state at any step.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/>: what the program has in memory that it cannot write is
    /// another than the state's; also what it can write, of a state before the first step. What loading
    /// throws.
    /// </exception>
    public static ProgramSymbols SymbolsFor(ElfFile elf, MachineImage image)
    {
        using MachineImage loaded = Loader.Load(elf, image.Features.Version);
        foreach (ElfSegment segment in elf.Segments.Where(each => each.Type == ElfSegment.LoadType))
        {
            if (image.Step == 0 || (segment.Flags & ElfSegment.WritableFlag) == 0)
            {
                Require(segment, loaded.Memory, image.Memory);
            }
        }

        return ProgramSymbols.Of(elf);
    }

    private static void Require(ElfSegment segment, GuestMemory expected, GuestMemory found)
    {
        byte[] here = new byte[GuestMemory.PageSizeBytes];
        byte[] there = new byte[GuestMemory.PageSizeBytes];
        for (ulong done = 0; done < segment.FileSizeBytes; done += GuestMemory.PageSizeBytes)
        {
            int count = (int)Math.Min(segment.FileSizeBytes - done, GuestMemory.PageSizeBytes);
            ulong address = segment.VirtualAddress + done;
            expected.ReadBytes(address, here.AsSpan(0, count));
            found.ReadBytes(address, there.AsSpan(0, count));
            int same = here.AsSpan(0, count).CommonPrefixLength(there.AsSpan(0, count));
            if (same < count)
            {
                throw new CulverinException(
                    ErrorCode.InvalidArgument,
                    "The symbols are of another program than the state: they differ in memory at "
                        + $"0x{address + (ulong)same:x}.");
            }
        }
    }
}
