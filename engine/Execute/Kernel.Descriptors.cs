namespace Culverin.Execute;

/// <content>Descriptors: output, hints and pre-images.</content>
internal sealed partial class Kernel<TWord, TAccess>
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int HintRead = 3;
    private const int HintWrite = 4;
    private const int PreimageRead = 5;
    private const int PreimageWrite = 6;
    private const int EventDescriptor = 100;
    private const int NoDescriptor = -1;
    private const uint NonBlocking = 0x80;
    private const int PreimageReadMaxBytes = 32;
    private const int GetDescriptorFlags = 1;
    private const int GetStatusFlags = 3;

    private bool Read(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord address, TWord count)
    {
        switch (DescriptorOf(descriptor))
        {
            case StandardInput:
                return Succeed(ref port, TWord.Zero);
            case HintRead:
                // The answer's content is of no consequence, so memory stays as it is.
                return Succeed(ref port, count);
            case PreimageRead:
                return ReadPreimage(ref port, address, count);
            case EventDescriptor:
                return Fail(ref port, Errno.TryAgain);
            default:
                return Fail(ref port, Errno.BadFileDescriptor);
        }
    }

    private bool Write(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord address, TWord count)
    {
        int known = DescriptorOf(descriptor);
        switch (known)
        {
            case StandardOutput:
            case StandardError:
                port.Access.WriteOutput(known, address, count);
                return Succeed(ref port, count);
            case HintWrite:
                port.Access.WriteHint(address, count);
                return Succeed(ref port, count);
            case PreimageWrite:
                return WritePreimageKey(ref port, address, count);
            case EventDescriptor:
                return Fail(ref port, Errno.TryAgain);
            default:
                return Fail(ref port, Errno.BadFileDescriptor);
        }
    }

    private static unsafe bool ReadPreimage(ref StatePort<TWord, TAccess> port, TWord address, TWord count)
    {
        TWord wordAddress = StatePort<TWord, TAccess>.WordAddress(address);
        int start = StatePort<TWord, TAccess>.ByteInWord(address);
        TWord word = port.Access.LoadWord(wordAddress);
        Span<byte> preimage = stackalloc byte[PreimageReadMaxBytes];
        int available = port.Access.ReadPreimage(port.State.PreimageKey, port.State.PreimageOffset, preimage);
        if (available == 0)
        {
            port.Trap(Isa.TrapReason.PreimageOffsetOutOfRange);
        }

        int copied = Math.Min(available, sizeof(TWord) - start);
        copied = int.CreateTruncating(TWord.Min(count, TWord.CreateTruncating(copied)));
        Span<byte> bytes = stackalloc byte[sizeof(TWord)];
        word.WriteBigEndian(bytes);
        preimage[..copied].CopyTo(bytes[start..]);
        port.StoreWord(wordAddress, TWord.ReadBigEndian(bytes, isUnsigned: true));
        port.State.PreimageOffset += TWord.CreateTruncating(copied);
        return Succeed(ref port, TWord.CreateTruncating(copied));
    }

    private static unsafe bool WritePreimageKey(
        ref StatePort<TWord, TAccess> port, TWord address, TWord count)
    {
        int start = StatePort<TWord, TAccess>.ByteInWord(address);
        TWord word = port.Access.LoadWord(StatePort<TWord, TAccess>.WordAddress(address));
        int copied = int.CreateTruncating(TWord.Min(count, TWord.CreateTruncating(sizeof(TWord) - start)));
        Span<byte> bytes = stackalloc byte[sizeof(TWord)];
        word.WriteBigEndian(bytes);

        // The key is a shift register: bytes enter at its end.
        Span<byte> key = port.State.PreimageKey;
        key[copied..].CopyTo(key);
        bytes.Slice(start, copied).CopyTo(key[^copied..]);
        port.State.PreimageOffset = TWord.Zero;
        return Succeed(ref port, TWord.CreateTruncating(copied));
    }

    private bool Fcntl(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord command)
    {
        int known = DescriptorOf(descriptor);
        known = known == EventDescriptor ? NoDescriptor : known;
        if (command == TWord.CreateTruncating(GetDescriptorFlags) && _features.HasFcntlGetFd)
        {
            return Answer(ref port, known, 0);
        }

        if (command == TWord.CreateTruncating(GetStatusFlags))
        {
            bool writable = known is StandardOutput or StandardError or HintWrite or PreimageWrite;
            return Answer(ref port, known, writable ? 1u : 0u);
        }

        return Fail(ref port, Errno.InvalidArgument);
    }

    private bool Answer(ref StatePort<TWord, TAccess> port, int descriptor, uint flags) =>
        descriptor == NoDescriptor
            ? Fail(ref port, Errno.BadFileDescriptor)
            : Succeed(ref port, TWord.CreateTruncating(flags));

    private bool CreateEventDescriptor(ref StatePort<TWord, TAccess> port, TWord flags) =>
        (flags & TWord.CreateTruncating(NonBlocking)) == TWord.Zero
            ? Fail(ref port, Errno.InvalidArgument)
            : Succeed(ref port, TWord.CreateTruncating(EventDescriptor));

    private int DescriptorOf(TWord descriptor)
    {
        if (descriptor == TWord.CreateTruncating(EventDescriptor) && _features.HasEventDescriptor)
        {
            return EventDescriptor;
        }

        return descriptor <= TWord.CreateTruncating(PreimageWrite)
            ? int.CreateTruncating(descriptor)
            : NoDescriptor;
    }
}
