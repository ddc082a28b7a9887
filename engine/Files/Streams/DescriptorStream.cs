using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Files.Streams;

/// <summary>Writes to a descriptor that the process was started with, and never closes it.</summary>
internal sealed class DescriptorStream : Stream
{
    private readonly SafeFileHandle? _handle;
    private readonly bool _isLossy;

    /// <summary>Takes a descriptor.</summary>
    /// <param name="descriptor">Its number.</param>
    /// <param name="isLossy">Whether what cannot be written is dropped without an error.</param>
    public DescriptorStream(int descriptor, bool isLossy)
    {
        // All that this process opens is closed in programs it starts; what it was started with cannot be.
        // So a number that has this mark was closed at the start and is some other file of ours by now.
        _handle = Posix.IsInherited(descriptor) ? new SafeFileHandle(descriptor, ownsHandle: false) : null;
        _isLossy = isLossy;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_handle is null)
        {
            Refuse("it is closed", isClosedByReader: false);
            return;
        }

        while (!buffer.IsEmpty)
        {
            int count = Descriptor.Write(_handle, buffer);
            if (count >= 0)
            {
                buffer = buffer[count..];
            }
            else if (count == -Posix.ErrorAgain)
            {
                var entry = new Posix.PollEntry
                {
                    Descriptor = Descriptor.Number(_handle),
                    Requested = Posix.PollOut,
                };
                _ = Descriptor.Poll([entry], timeoutMilliseconds: -1);
            }
            else
            {
                Refuse(Posix.ErrorText(-count), count == -Posix.ErrorBrokenPipe);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Refuse(string reason, bool isClosedByReader)
    {
        if (!_isLossy)
        {
            throw new StandardOutputException(reason, isClosedByReader);
        }
    }
}
