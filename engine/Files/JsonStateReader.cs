using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using Culverin.Files.Streams;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>
/// Reads a JSON state (VM-SPEC 11.4): an object of the scalars and of pages, each an index and the base64 of
/// 4096 zlib-compressed bytes, which are decompressed straight into the guest's memory.
/// </summary>
internal sealed unsafe class JsonStateReader : IDisposable
{
    /// <summary>
    /// Longest unfinished hint in a JSON state, in bytes: a real one is a few hundred, and all of its digits
    /// have to be in memory at once.
    /// </summary>
    public const int HintMaxBytes = 8 << 20;

    /// <summary>A page that does not compress at all makes some 5,500 characters.</summary>
    private const int PageTextMaxBytes = 16 << 10;

    private const int RegisterCount = 32;

    private static readonly string[] RequiredFields =
    [
        "memory", "preimageKey", "preimageOffset", "pc", "nextPC", "lo", "hi", "heap", "exit", "exited",
        "step", "registers",
    ];

    private readonly JsonTokens _tokens;
    private readonly byte[] _text = new byte[PageTextMaxBytes];
    private readonly byte[] _compressed = new byte[PageTextMaxBytes];

    /// <summary>Reads a stream, which stays open.</summary>
    public JsonStateReader(Stream input) => _tokens = new JsonTokens(input, (2 * HintMaxBytes) + 2);

    /// <summary>Reads the file as a state of a version.</summary>
    /// <exception cref="MalformedException">The content is wrong.</exception>
    /// <exception cref="JsonException">The content is not JSON.</exception>
    public MachineImage<uint> Read(StateVersion version)
    {
        MachineImage<uint> image = MachineImage.CreateEmpty32(version);
        try
        {
            _tokens.Next();
            JsonFields.Read(
                _tokens, "content", RequiredFields, ["lastHint"], field => ReadField(image, field));
            _tokens.RequireEnd();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();

    private void ReadField(MachineImage<uint> image, string field)
    {
        // SAFETY: the registers are in the state's native block, which lives as long as the image.
        MachineState<uint> state = image.State;
        switch (field)
        {
            case "memory":
                ReadPages(image.Memory);
                break;
            case "preimageKey":
                int size = MachineState<uint>.KeySizeBytes;
                _tokens.Hex(size, size, field).CopyTo(state.PreimageKey);
                break;
            case "preimageOffset":
                state.PreimageOffset = Word(field);
                break;
            case "pc":
                state.Cpu->Pc = Word(field);
                break;
            case "nextPC":
                state.Cpu->NextPc = Word(field);
                break;
            case "lo":
                state.Cpu->Lo = Word(field);
                break;
            case "hi":
                state.Cpu->Hi = Word(field);
                break;
            case "heap":
                state.Heap = Word(field);
                break;
            case "exit":
                state.ExitCode = (byte)_tokens.Number(byte.MaxValue, field);
                break;
            case "exited":
                state.Exited = _tokens.Boolean(field);
                break;
            case "step":
                state.Step = _tokens.Number(ulong.MaxValue, field);
                break;
            case "registers":
                ReadRegisters(state);
                break;
            default:
                state.LastHint = _tokens.Hex(0, HintMaxBytes, field);
                break;
        }
    }

    private uint Word(string field) => (uint)_tokens.Number(uint.MaxValue, field);

    private void ReadRegisters(MachineState<uint> state)
    {
        _tokens.Require(JsonTokenType.StartArray, "registers");
        for (int register = 0; register < RegisterCount; register++)
        {
            _tokens.Next();
            state.Cpu->Registers[register] = Word($"register {register}");
        }

        _tokens.Next();
        if (_tokens.Type != JsonTokenType.EndArray)
        {
            throw new MalformedException($"it has more than {RegisterCount} registers");
        }
    }

    private void ReadPages(GuestMemory memory)
    {
        _tokens.Require(JsonTokenType.StartArray, "memory");
        for (_tokens.Next(); _tokens.Type != JsonTokenType.EndArray; _tokens.Next())
        {
            ulong pageIndex = 0;
            int compressedLength = 0;
            JsonFields.Read(_tokens, "page", ["index", "data"], [], field =>
            {
                if (field == "index")
                {
                    pageIndex = _tokens.Number(uint.MaxValue, "page index");
                }
                else
                {
                    compressedLength = DecodePage();
                }
            });
            Decompress(compressedLength, StateRules.TakePage(memory, pageIndex), pageIndex);
        }
    }

    private int DecodePage()
    {
        _tokens.Require(JsonTokenType.String, "page data");
        long length = _tokens.Value.Length;
        if (length > PageTextMaxBytes)
        {
            throw new MalformedException($"it has a page of {length} base64 characters");
        }

        _tokens.Value.CopyTo(_text);
        OperationStatus status =
            Base64.DecodeFromUtf8(_text.AsSpan(0, (int)length), _compressed, out _, out int written);
        return status == OperationStatus.Done
            ? written
            : throw new MalformedException("it has a page that is not base64");
    }

    private void Decompress(int compressedLength, Span<byte> page, ulong pageIndex)
    {
        using var compressed = new MemoryStream(_compressed, 0, compressedLength, writable: false);
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        try
        {
            if (zlib.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length
                && zlib.ReadByte() < 0)
            {
                return;
            }
        }
        catch (InvalidDataException)
        {
            throw new MalformedException($"the zlib data of its page 0x{pageIndex:x} are damaged");
        }

        throw new MalformedException($"its page 0x{pageIndex:x} does not have {page.Length} bytes");
    }
}
