using System;

namespace Culverin.Execute;

/// <content>Descriptors: output, hints and pre-images.</content>
public sealed partial class Kernel<TWord, TAccess>
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

    private void Read(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord address, TWord count)
    {
        switch (DescriptorOf(descriptor))
        {
            case StandardInput:
                Succeed(ref port, TWord.Zero);
                break;
            case HintRead:
                // The answer's content is of no consequence, so memory stays as it is.
                Succeed(ref port, count);
                break;
            case PreimageRead:
                ReadPreimage(ref port, address, count);
                break;
            case EventDescriptor:
                Fail(ref port, Errno.TryAgain);
                break;
            default:
                Fail(ref port, Errno.BadFileDescriptor);
                break;
        }
    }

    private void Write(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord address, TWord count)
    {
        int known = DescriptorOf(descriptor);
        switch (known)
        {
            case StandardOutput:
            case StandardError:
                port.Access.WriteOutput(known, address, count);
                Succeed(ref port, count);
                break;
            case HintWrite:
                port.Access.WriteHint(address, count);
                Succeed(ref port, count);
                break;
            case PreimageWrite:
                WritePreimageKey(ref port, address, count);
                break;
            case EventDescriptor:
                Fail(ref port, Errno.TryAgain);
                break;
            default:
                Fail(ref port, Errno.BadFileDescriptor);
                break;
        }
    }

    private static unsafe void ReadPreimage(ref StatePort<TWord, TAccess> port, TWord address, TWord count)
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
        Succeed(ref port, TWord.CreateTruncating(copied));
    }

    private static unsafe void WritePreimageKey(
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
        Succeed(ref port, TWord.CreateTruncating(copied));
    }

    private void Fcntl(ref StatePort<TWord, TAccess> port, TWord descriptor, TWord command)
    {
        int known = DescriptorOf(descriptor);
        known = known == EventDescriptor ? NoDescriptor : known;
        if (command == TWord.CreateTruncating(GetDescriptorFlags) && _features.HasFcntlGetFd)
        {
            Answer(ref port, known, 0);
        }
        else if (command == TWord.CreateTruncating(GetStatusFlags))
        {
            bool writable = known is StandardOutput or StandardError or HintWrite or PreimageWrite;
            Answer(ref port, known, writable ? 1u : 0u);
        }
        else
        {
            Fail(ref port, Errno.InvalidArgument);
        }
    }

    private void Answer(ref StatePort<TWord, TAccess> port, int descriptor, uint flags)
    {
        if (descriptor == NoDescriptor)
        {
            Fail(ref port, Errno.BadFileDescriptor);
        }
        else
        {
            Succeed(ref port, TWord.CreateTruncating(flags));
        }
    }

    private void CreateEventDescriptor(ref StatePort<TWord, TAccess> port, TWord flags)
    {
        if ((flags & TWord.CreateTruncating(NonBlocking)) == TWord.Zero)
        {
            Fail(ref port, Errno.InvalidArgument);
        }
        else
        {
            Succeed(ref port, TWord.CreateTruncating(EventDescriptor));
        }
    }

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
