using Culverin.State;

namespace Culverin.Execute;

/// <content>Address space: mmap and brk.</content>
public sealed partial class Kernel<TWord, TAccess>
{
    private void Mmap(ref StatePort<TWord, TAccess> port, TWord address, TWord sizeBytes)
    {
        if (address != TWord.Zero)
        {
            Succeed(ref port, address);
            return;
        }

        TWord mask = TWord.CreateTruncating(GuestMemory.PageSizeBytes - 1);
        TWord rounded = unchecked((sizeBytes + mask) & ~mask);
        TWord start = port.State.Heap;
        TWord end = unchecked(start + rounded);
        if (end > TWord.CreateTruncating(_features.HeapEnd) || end < start || rounded < sizeBytes)
        {
            Fail(ref port, Errno.InvalidArgument);
            return;
        }

        port.State.Heap = end;
        Succeed(ref port, start);
    }
}
