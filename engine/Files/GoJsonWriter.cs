using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Culverin.Files;

/// <summary>
/// Writes JSON with the bytes that the reference's encoder writes: two spaces of indentation, hexadecimal
/// strings with 0x, &lt; &gt; &amp; escaped, two line feeds at the end of the file.
/// </summary>
/// <remarks>
/// Everything goes to the stream in small pieces, so a value of any size costs no memory. The caller keeps
/// the grammar: names in objects, values after names.
/// </remarks>
internal sealed class GoJsonWriter
{
    private const int ChunkSizeBytes = 3 * 1024;

    private readonly Stream _output;
    private readonly byte[] _encoded = new byte[2 * ChunkSizeBytes];
    private int _depth;
    private bool _isFirst = true;
    private bool _followsName;

    /// <summary>Writes to a stream, which should be buffered and stays open.</summary>
    public GoJsonWriter(Stream output) => _output = output;

    /// <summary>Opens an object.</summary>
    public void BeginObject() => Begin("{"u8);

    /// <summary>Closes an object.</summary>
    public void EndObject() => End("}"u8);

    /// <summary>Opens an array.</summary>
    public void BeginArray() => Begin("["u8);

    /// <summary>Closes an array.</summary>
    public void EndArray() => End("]"u8);

    /// <summary>Ends the file.</summary>
    public void EndFile() => _output.Write("\n\n"u8);

    /// <summary>A field's name; needs no escapes.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        _output.Write("\""u8);
        _output.Write(name);
        _output.Write("\": "u8);
        _followsName = true;
    }

    /// <summary>A decimal number.</summary>
    public void Number(ulong value)
    {
        Separate();
        _ = Utf8Formatter.TryFormat(value, _encoded, out int length);
        _output.Write(_encoded, 0, length);
    }

    /// <summary>true or false.</summary>
    public void Boolean(bool value)
    {
        Separate();
        _output.Write(value ? "true"u8 : "false"u8);
    }

    /// <summary>Bytes as a string of 0x and two lower-case digits each.</summary>
    public void Hex(ReadOnlySpan<byte> bytes)
    {
        Separate();
        _output.Write("\"0x"u8);
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = bytes[..Math.Min(ChunkSizeBytes, bytes.Length)];
            for (int index = 0; index < chunk.Length; index++)
            {
                _encoded[2 * index] = Digit(chunk[index] >> 4);
                _encoded[(2 * index) + 1] = Digit(chunk[index] & 15);
            }

            _output.Write(_encoded, 0, 2 * chunk.Length);
            bytes = bytes[chunk.Length..];
        }

        _output.Write("\""u8);
    }

    /// <summary>A number as a string of 0x and its digits without leading zeros.</summary>
    public void HexNumber(ulong value)
    {
        Separate();
        _output.Write("\"0x"u8);
        _ = Utf8Formatter.TryFormat(value, _encoded, out int length, new StandardFormat('x'));
        _output.Write(_encoded, 0, length);
        _output.Write("\""u8);
    }

    /// <summary>Bytes as a string in base64 with padding.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Separate();
        _output.Write("\""u8);
        do
        {
            bool isLast = bytes.Length <= ChunkSizeBytes;
            ReadOnlySpan<byte> chunk = isLast ? bytes : bytes[..ChunkSizeBytes];
            _ = System.Buffers.Text.Base64.EncodeToUtf8(chunk, _encoded, out _, out int length, isLast);
            _output.Write(_encoded, 0, length);
            bytes = bytes[chunk.Length..];
        }
        while (!bytes.IsEmpty);
        _output.Write("\""u8);
    }

    /// <summary>Text as a string with the reference's escapes.</summary>
    public void Text(string text)
    {
        Separate();
        _output.Write("\""u8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            WriteRune(rune);
        }

        _output.Write("\""u8);
    }

    private static byte Digit(int value) => "0123456789abcdef"u8[value];

    private void WriteRune(Rune rune)
    {
        ReadOnlySpan<byte> known = rune.Value switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => [],
        };
        if (!known.IsEmpty)
        {
            _output.Write(known);
        }
        else if (rune.Value is < ' ' or '<' or '>' or '&' or 0x2028 or 0x2029 or 0xfffd)
        {
            // The last one stands for bytes that were not UTF-8, which the reference writes as an escape.
            _output.Write("\\u"u8);
            _ = Utf8Formatter.TryFormat(rune.Value, _encoded, out int length, new StandardFormat('x', 4));
            _output.Write(_encoded, 0, length);
        }
        else
        {
            _output.Write(_encoded, 0, rune.EncodeToUtf8(_encoded));
        }
    }

    private void Begin(ReadOnlySpan<byte> mark)
    {
        Separate();
        _output.Write(mark);
        _depth++;
        _isFirst = true;
    }

    private void End(ReadOnlySpan<byte> mark)
    {
        _depth--;
        if (!_isFirst)
        {
            NewLine();
        }

        _output.Write(mark);
        _isFirst = false;
    }

    private void Separate()
    {
        if (_followsName)
        {
            _followsName = false;
            return;
        }

        if (!_isFirst)
        {
            _output.Write(","u8);
        }

        if (_depth > 0)
        {
            NewLine();
        }

        _isFirst = false;
    }

    private void NewLine()
    {
        _output.Write("\n"u8);
        for (int level = 0; level < _depth; level++)
        {
            _output.Write("  "u8);
        }
    }
}
