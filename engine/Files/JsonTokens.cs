using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Culverin.Files.Streams;

namespace Culverin.Files;

/// <summary>
/// The tokens of a JSON file one after the other: the file passes through a pipe, so that no more of it is in
/// memory than the longest token.
/// </summary>
internal sealed class JsonTokens : IDisposable
{
    private const int BufferSizeBytes = 1 << 16;

    /// <summary>Longest string that may contain escapes; none of the files needs any in a long one.</summary>
    private const int EscapedMaxBytes = 1 << 16;

    private const int NumberMaxBytes = 20;

    private readonly PipeReader _pipe;
    private readonly int _tokenMaxBytes;
    private ReadOnlySequence<byte> _unread;
    private JsonReaderState _state;
    private bool _hasBuffer;
    private bool _isComplete;

    /// <summary>Reads a stream, which stays open.</summary>
    /// <param name="input">The file's content.</param>
    /// <param name="tokenMaxBytes">Longest token accepted, in bytes.</param>
    public JsonTokens(Stream input, int tokenMaxBytes)
    {
        _pipe = PipeReader.Create(
            input, new StreamPipeReaderOptions(bufferSize: BufferSizeBytes, leaveOpen: true));
        _tokenMaxBytes = tokenMaxBytes;
    }

    /// <summary>What the current token is.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The content of a string, name or number; valid until the next token.</summary>
    public ReadOnlySequence<byte> Value { get; private set; }

    /// <summary>Goes to the next token.</summary>
    /// <exception cref="MalformedException">The file ends here, or a token is too long.</exception>
    /// <exception cref="JsonException">The file is not JSON.</exception>
    public void Next()
    {
        while (!TryNext())
        {
            if (_isComplete)
            {
                throw new MalformedException("it ends too early");
            }

            Fill();
        }
    }

    /// <summary>Requires that nothing but white space is left.</summary>
    public void RequireEnd()
    {
        while (!_isComplete)
        {
            if (TryNext())
            {
                throw new MalformedException("it goes on after its end");
            }

            Fill();
        }

        _ = TryNext();
    }

    /// <summary>Requires the current token to be of a type.</summary>
    public void Require(JsonTokenType type, string what)
    {
        if (Type != type)
        {
            throw new MalformedException($"its {what} is not {Describe(type)}");
        }
    }

    /// <summary>The current token as a whole number.</summary>
    public ulong Number(ulong max, string what)
    {
        Require(JsonTokenType.Number, what);
        Span<byte> digits = stackalloc byte[NumberMaxBytes];
        int length = (int)Math.Min(Value.Length, NumberMaxBytes + 1);
        if (length <= NumberMaxBytes)
        {
            Value.CopyTo(digits);
            if (Utf8Parser.TryParse(digits[..length], out ulong number, out int used)
                && used == length && number <= max)
            {
                return number;
            }
        }

        throw new MalformedException($"its {what} is not a whole number from 0 to {max}");
    }

    /// <summary>The current token as a boolean.</summary>
    public bool Boolean(string what) => Type switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new MalformedException($"its {what} is neither true nor false"),
    };

    /// <summary>The current token as text.</summary>
    public string Text(string what)
    {
        Require(JsonTokenType.String, what);
        return Encoding.UTF8.GetString(Value);
    }

    /// <summary>The current token as bytes in hexadecimal with 0x in front.</summary>
    /// <param name="minBytes">Fewest bytes allowed.</param>
    /// <param name="maxBytes">Most bytes allowed.</param>
    /// <param name="what">The field, for messages.</param>
    public byte[] Hex(int minBytes, int maxBytes, string what)
    {
        Require(JsonTokenType.String, what);
        long digits = Value.Length - 2;
        if (digits < 2L * minBytes || digits > 2L * maxBytes || digits % 2 != 0)
        {
            throw new MalformedException(minBytes == maxBytes
                ? $"its {what} is not 0x and {2 * maxBytes} hexadecimal digits"
                : $"its {what} is not 0x and {2 * minBytes} to {2L * maxBytes} hexadecimal digits");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)(digits / 2));
        var reader = new SequenceReader<byte>(Value);
        if (!reader.IsNext("0x"u8, advancePast: true))
        {
            throw new MalformedException($"its {what} does not begin with 0x");
        }

        for (int index = 0; index < bytes.Length; index++)
        {
            _ = reader.TryRead(out byte high);
            _ = reader.TryRead(out byte low);
            int value = (HexDigit(high) << 4) | HexDigit(low);
            bytes[index] = value >= 0
                ? (byte)value
                : throw new MalformedException($"its {what} contains something that is no hexadecimal digit");
        }

        return bytes;
    }

    /// <summary>Passes over the current value, whatever it holds.</summary>
    public void Skip()
    {
        int depth = 0;
        while (true)
        {
            depth += Type switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return;
            }

            Next();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pipe.Complete();

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Number => "a number",
        _ => "a string",
    };

    /// <summary>Minus one for what is no digit; or-ing keeps it negative.</summary>
    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private bool TryNext()
    {
        var reader = new Utf8JsonReader(_unread, _isComplete, _state);
        bool found = reader.Read();
        if (found)
        {
            Type = reader.TokenType;
            Value = ValueOf(ref reader);
        }

        _state = reader.CurrentState;
        _unread = _unread.Slice(reader.Position);
        return found;
    }

    private ReadOnlySequence<byte> ValueOf(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence)
        {
            return reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSequence;
        }

        if (reader.ValueIsEscaped)
        {
            return Unescape(ref reader);
        }

        bool isQuoted = Type is JsonTokenType.String or JsonTokenType.PropertyName;
        return _unread.Slice(reader.TokenStartIndex + (isQuoted ? 1 : 0), reader.ValueSpan.Length);
    }

    private static ReadOnlySequence<byte> Unescape(ref Utf8JsonReader reader)
    {
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > EscapedMaxBytes)
        {
            throw new MalformedException("it has an escape in a string of more than 64 KiB");
        }

        byte[] text = new byte[length];
        try
        {
            return new ReadOnlySequence<byte>(text, 0, reader.CopyString(text));
        }
        catch (InvalidOperationException)
        {
            throw new MalformedException("it has an escape that is no character");
        }
    }

    private void Fill()
    {
        long held = _unread.Length;
        if (held > _tokenMaxBytes)
        {
            throw new MalformedException($"it has a string of more than {_tokenMaxBytes} bytes");
        }

        // At least doubling what is held keeps the rescans of a long token proportional to its length.
        if (_hasBuffer)
        {
            _pipe.AdvanceTo(_unread.Start, _unread.End);
        }

        ReadResult result = _pipe.ReadAtLeastAsync((int)(2 * held) + 1).AsTask().GetAwaiter().GetResult();
        _hasBuffer = true;
        _unread = result.Buffer;
        _isComplete = result.IsCompleted;
    }
}
