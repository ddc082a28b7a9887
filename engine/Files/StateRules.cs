using Culverin.Files.Streams;
using Culverin.State;

namespace Culverin.Files;

/// <summary>What must hold of a state in a file of any format.</summary>
internal static unsafe class StateRules
{
    /// <summary>Makes room for the next page of a file.</summary>
    /// <returns>The guest's own 4096 bytes of that page.</returns>
    /// <exception cref="MalformedException">The page does not exist or has come before.</exception>
    public static Span<byte> TakePage(GuestMemory memory, ulong pageIndex)
    {
        if (pageIndex >> (memory.AddressBits - GuestMemory.PageShift) != 0)
        {
            throw new MalformedException(
                $"page 0x{pageIndex:x} lies outside the {memory.AddressBits}-bit address space");
        }

        if (memory.IsPresent(pageIndex))
        {
            throw new MalformedException($"page 0x{pageIndex:x} is in it twice");
        }

        // SAFETY: a page has exactly this many bytes; the caller fills them while it holds the memory.
        return new Span<byte>(memory.PageForWriting(pageIndex), GuestMemory.PageSizeBytes);
    }
}
