using Culverin.State;

namespace Culverin.Execute;

/// <content>Address space: mmap and brk.</content>
internal sealed partial class Kernel<TWord, TAccess>
{
    private bool Brk(ref StatePort<TWord, TAccess> port) =>
        Succeed(ref port, TWord.CreateTruncating(_features.ProgramBreak));

    private bool Mmap(ref StatePort<TWord, TAccess> port, TWord address, TWord sizeBytes)
    {
        if (address != TWord.Zero)
        {
            return Succeed(ref port, address);
        }

        TWord mask = TWord.CreateTruncating(GuestMemory.PageSizeBytes - 1);
        TWord rounded = unchecked((sizeBytes + mask) & ~mask);
        TWord start = port.State.Heap;
        TWord end = unchecked(start + rounded);
        if (end > TWord.CreateTruncating(_features.HeapEnd) || end < start || rounded < sizeBytes)
        {
            return Fail(ref port, Errno.InvalidArgument);
        }

        port.State.Heap = end;
        return Succeed(ref port, start);
    }
}
