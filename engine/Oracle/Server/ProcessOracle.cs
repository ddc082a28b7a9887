using System.Buffers.Binary;

namespace Culverin.Oracle.Server;

/// <summary>
/// Asks a pre-image server that it starts as a child process, with the protocol of the reference (VM-SPEC
/// 13.3, FORMATS "Pre-image server"). The server reads hints from descriptor 3 and acknowledges them on 4,
/// reads keys from 5 and answers on 6. A hint is a 4-byte big-endian length and its bytes, acknowledged by
/// one byte; a key is 32 bytes, answered by an 8-byte big-endian length and that many bytes.
/// </summary>
/// <remarks>
/// The server runs in a process group of its own, which ends with it (unlike the reference's, whose
/// grandchildren live on), with our environment and NO_COLOR=1, reads nothing from standard
/// input, and gets no other descriptor of ours. It is never trusted: its death (even while a grandchild keeps
/// the pipes open), a short or overlong answer, an absurd length and silence each end the request with a
/// typed error, and every later request with the same one, because the two sides no longer agree on where an
/// answer starts.
/// <para>
/// A round trip is a write and a read on raw descriptors of the calling thread, with a poll between them when
/// the answer takes its time. System.IO.Pipelines is deliberately not used here: the protocol is strictly
/// question and answer, so there is nothing to pipeline, and handing each answer from a reading thread to the
/// waiting one doubles the time of a small request (measured on one core: 15 instead of 7 microseconds).
/// </para>
/// <para>Linux only; elsewhere the constructor fails with <see cref="ErrorCode.ProcessStart"/>.</para>
/// </remarks>
internal sealed partial class ProcessOracle : IPreimageOracle
{
    private const int LengthBytes = 8;
    private const int HintLengthBytes = 4;
    private const int BufferBytes = 64 * 1024;

    // An answer is believed up to this size; beyond, memory grows only as bytes really arrive.
    private const int TrustedBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly string _program;
    private readonly OracleOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly PosixEvent _interrupt = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private CancellationTokenRegistration _registration;
    private ChildProcess _server = null!;
    private ChildOutput? _output;
    private ServerChannel _hints = null!;
    private ServerChannel _preimages = null!;
    private CulverinException? _failure;
    private bool _isShutDown;

    /// <summary>
    /// Starts <paramref name="program"/> (looked up in PATH when it contains no slash) with
    /// <paramref name="arguments"/>. Each line of its standard output (false) and error (true) goes to
    /// <paramref name="onLine"/> on a thread of its own; without it the server writes to our own output and
    /// error. When <paramref name="cancellation"/> is signalled, a waiting request ends within a tenth of a
    /// second with <see cref="ErrorCode.Cancelled"/>. A program that cannot be started is
    /// <see cref="ErrorCode.ProcessStart"/>.
    /// </summary>
    public ProcessOracle(
        string program,
        IReadOnlyList<string> arguments,
        OracleOptions? options = null,
        Action<string, bool>? onLine = null,
        CancellationToken cancellation = default)
    {
        _program = program;
        _options = options ?? OracleOptions.Default;
        _cancellation = cancellation;
        try
        {
            _options.Validate();
            RequireStartable(program, arguments);
            _registration = cancellation.UnsafeRegister(
                static oracle => ((ProcessOracle)oracle!)._interrupt.Set(), this);
            Start(arguments, onLine);
        }
        catch (CulverinException)
        {
            _registration.Dispose();
            _interrupt.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The process id of the server; after shutdown the number may belong to another process.
    /// </summary>
    public int ProcessId => _server.ProcessId;

    /// <summary>
    /// How the server ended, such as "ended with exit code 0"; "is still running" before that.
    /// </summary>
    public string ExitDescription => _server.DescribeExit();

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        PreimageKey.Require(key);
        lock (_gate)
        {
            long deadline = Begin(_preimages);
            ChannelResult result = _preimages.Send(key, deadline);
            return result == ChannelResult.Done
                ? ReceiveAnswer(key, deadline)
                : throw Broken(result, $"before it took the pre-image key {PreimageKey.Text(key)}");
        }
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            long deadline = Begin(_hints);
            ChannelResult result = SendHint(payload, deadline);
            if (result != ChannelResult.Done)
            {
                throw Broken(result, $"before it took a hint of {payload.Length} bytes");
            }

            Span<byte> acknowledgement = stackalloc byte[2];
            result = _hints.Receive(acknowledgement, deadline, out int count);
            if (result != ChannelResult.Done)
            {
                throw Broken(result, $"before it acknowledged a hint of {payload.Length} bytes");
            }

            if (count > 1)
            {
                throw Lied("acknowledged a hint with more than one byte");
            }
        }
    }

    private ChannelResult SendHint(ReadOnlySpan<byte> payload, long deadline)
    {
        // Length and start go out together, so that the server is not woken for four bytes.
        Span<byte> message = _buffer;
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)payload.Length);
        int startBytes = Math.Min(payload.Length, message.Length - HintLengthBytes);
        payload[..startBytes].CopyTo(message[HintLengthBytes..]);
        ChannelResult result = _hints.Send(message[..(HintLengthBytes + startBytes)], deadline);
        return result == ChannelResult.Done ? _hints.Send(payload[startBytes..], deadline) : result;
    }

    private byte[] ReceiveAnswer(ReadOnlySpan<byte> key, long deadline)
    {
        int received = 0;
        while (received < LengthBytes)
        {
            ChannelResult result = _preimages.Receive(_buffer.AsSpan(received), deadline, out int count);
            if (result == ChannelResult.Done)
            {
                received += count;
            }
            else
            {
                throw Broken(result, received == 0
                    ? $"before it answered the pre-image key {PreimageKey.Text(key)}"
                    : $"after {received} of the 8 bytes that tell the length of {PreimageKey.Text(key)}");
            }
        }

        ulong length = BinaryPrimitives.ReadUInt64BigEndian(_buffer);
        if (length > (ulong)_options.PreimageBytesMax)
        {
            throw Fail(OracleErrors.TooLong(key, length, _options));
        }

        ReadOnlySpan<byte> start = _buffer.AsSpan(LengthBytes, received - LengthBytes);
        if ((ulong)start.Length > length)
        {
            throw Lied(
                $"promised {length} bytes for {PreimageKey.Text(key)} and sent {start.Length} or more");
        }

        return ReceiveValue(key, start, (int)length, deadline);
    }

    private byte[] ReceiveValue(ReadOnlySpan<byte> key, ReadOnlySpan<byte> start, int length, long deadline)
    {
        byte[] value = new byte[Math.Min(length, TrustedBytes)];
        start.CopyTo(value);
        int filled = start.Length;
        while (filled < length)
        {
            if (filled == value.Length)
            {
                Array.Resize(ref value, (int)Math.Min(length, 2L * value.Length));
            }

            ChannelResult result = _preimages.Receive(value.AsSpan(filled), deadline, out int count);
            if (result == ChannelResult.Done)
            {
                filled += count;
            }
            else
            {
                throw Broken(result, $"after {filled} of the {length} bytes of {PreimageKey.Text(key)}");
            }
        }

        return value;
    }

    private long Begin(ServerChannel channel)
    {
        if (_failure is not null)
        {
            throw new CulverinException(_failure.Code, _failure.Message);
        }

        if (_isShutDown)
        {
            throw new CulverinException(
                ErrorCode.PreimageServer, "The pre-image server was already shut down.");
        }

        if (_cancellation.IsCancellationRequested)
        {
            throw Broken(ChannelResult.Interrupted, "");
        }

        if (channel.HasUnaskedBytes())
        {
            throw Lied("sent more bytes than its last answer has");
        }

        return ServerChannel.DeadlineAfter(_options.AnswerDeadline);
    }
}
