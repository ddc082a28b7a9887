using System.IO.Compression;
using Culverin.State;

namespace Culverin.Files;

/// <summary>
/// Writes a JSON state with the reference's fields in the reference's order. The text of the pages differs
/// from the reference's, because two zlib implementations seldom choose the same bytes.
/// </summary>
internal sealed unsafe class JsonStateWriter : IDisposable
{
    private const int RegisterCount = 32;

    private readonly GoJsonWriter _json;
    private readonly MemoryStream _compressed = new(2 * GuestMemory.PageSizeBytes);

    /// <summary>Writes to a stream, which should be buffered and stays open.</summary>
    public JsonStateWriter(Stream output) => _json = new GoJsonWriter(output);

    /// <summary>Refuses what cannot be a JSON state, before anything is written.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.UnsupportedVersion"/>, <see cref="ErrorCode.LimitExceeded"/>.
    /// </exception>
    public static void RequireWritable(string path, MachineImage image)
    {
        if (!image.Features.HasJsonFiles)
        {
            throw new CulverinException(
                ErrorCode.UnsupportedVersion,
                $"A state of version {(byte)image.Features.Version} cannot be written as JSON to \"{path}\"; "
                    + "use a name that ends with .bin or .bin.gz.");
        }

        int hintLength = ((MachineImage<uint>)image).State.LastHint.Length;
        if (hintLength > JsonStateReader.HintMaxBytes)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded,
                $"An unfinished hint of {hintLength} bytes cannot be written as JSON to "
                    + $"\"{path}\" (limit {JsonStateReader.HintMaxBytes}); use a name that ends with .bin.");
        }
    }

    /// <summary>Writes a state.</summary>
    public void Write(MachineImage<uint> image)
    {
        MachineState<uint> state = image.State;
        _json.BeginObject();
        _json.Name("memory"u8);
        WritePages(image.Memory);
        _json.Name("preimageKey"u8);
        _json.Hex(state.PreimageKey);
        WriteNumber("preimageOffset"u8, state.PreimageOffset);
        WriteNumber("pc"u8, state.Cpu->Pc);
        WriteNumber("nextPC"u8, state.Cpu->NextPc);
        WriteNumber("lo"u8, state.Cpu->Lo);
        WriteNumber("hi"u8, state.Cpu->Hi);
        WriteNumber("heap"u8, state.Heap);
        WriteNumber("exit"u8, state.ExitCode);
        _json.Name("exited"u8);
        _json.Boolean(state.Exited);
        WriteNumber("step"u8, state.Step);
        _json.Name("registers"u8);
        _json.BeginArray();
        for (int register = 0; register < RegisterCount; register++)
        {
            _json.Number(state.Cpu->Registers[register]);
        }

        _json.EndArray();
        if (state.LastHint.Length > 0)
        {
            _json.Name("lastHint"u8);
            _json.Hex(state.LastHint);
        }

        _json.EndObject();
        _json.EndFile();
    }

    /// <inheritdoc/>
    public void Dispose() => _compressed.Dispose();

    private void WriteNumber(ReadOnlySpan<byte> name, ulong value)
    {
        _json.Name(name);
        _json.Number(value);
    }

    private void WritePages(GuestMemory memory)
    {
        _json.BeginArray();
        foreach (ulong pageIndex in memory.PresentPages())
        {
            _compressed.SetLength(0);
            using (var zlib = new ZLibStream(_compressed, CompressionLevel.Optimal, leaveOpen: true))
            {
                // SAFETY: a page has exactly this many bytes, and the image lives until the write ends.
                zlib.Write(new ReadOnlySpan<byte>(
                    memory.PageForReading(pageIndex), GuestMemory.PageSizeBytes));
            }

            _json.BeginObject();
            WriteNumber("index"u8, pageIndex);
            _json.Name("data"u8);
            _json.Base64(_compressed.GetBuffer().AsSpan(0, (int)_compressed.Length));
            _json.EndObject();
        }

        _json.EndArray();
    }
}
