using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Culverin.Primitives;

namespace Culverin.Files.Streams;

/// <summary>
/// Opens input by its name ("-" is standard input, names ending with ".gz" are compressed), hands it to a
/// parser as a stream and turns all that can go wrong into a typed error that names the file.
/// </summary>
/// <remarks>
/// Standard input has no name to tell compression from, so its first bytes do. The reference has no such
/// input: it would open a file named "-".
/// </remarks>
internal static class InputFile
{
    private const int BufferSizeBytes = 1 << 16;
    private const byte GzipMark0 = 0x1f;
    private const byte GzipMark1 = 0x8b;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="kind">What it should be, for messages: "state" file.</param>
    /// <param name="malformed">The code of errors in its content.</param>
    /// <param name="parse">
    /// Parses the uncompressed content; complains by <see cref="MalformedException"/>.
    /// </param>
    /// <exception cref="CulverinException">
    /// <paramref name="malformed"/>, <see cref="ErrorCode.FileAccess"/>, or what <paramref name="parse"/>
    /// throws.
    /// </exception>
    public static T Read<T>(string path, string kind, ErrorCode malformed, Func<Stream, T> parse)
    {
        FileErrors.RequireUsableName(path);
        string name = path == FileNames.Standard ? "on standard input" : $"\"{path}\"";
        return Parse(
            path,
            name,
            kind,
            malformed,
            () => path == FileNames.Standard ? Unpack(StandardStreams.OpenInput()) : OpenFile(path),
            parse);
    }

    /// <summary>As <see cref="Read{T}(string, string, ErrorCode, Func{Stream, T})"/>, of bytes.</summary>
    public static T Read<T>(byte[] content, string kind, ErrorCode malformed, Func<Stream, T> parse) =>
        Parse("memory", "in memory", kind, malformed, () => Unpack(new MemoryStream(content)), parse);

    private static T Parse<T>(
        string path,
        string name,
        string kind,
        ErrorCode malformed,
        Func<Stream> open,
        Func<Stream, T> parse)
    {
        try
        {
            using Stream file = open();
            return parse(file);
        }
        catch (Exception error) when (Complaint(error) is { } why)
        {
            throw new CulverinException(malformed, $"The {kind} file {name} cannot be used: {why}.", error);
        }
        catch (CulverinException error)
            when (error.Code is ErrorCode.UnsupportedVersion or ErrorCode.InvalidState)
        {
            // Its message is a sentence, not a clause.
            ErrorCode code = error.Code == ErrorCode.InvalidState ? malformed : error.Code;
            throw new CulverinException(
                code, $"The {kind} file {name} cannot be used. {error.Message}", error);
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(path, "read", error);
        }
    }

    /// <summary>Looks at the next byte; it stays in the reader. Minus one at the end.</summary>
    public static int Peek(PipeReader reader) => Peek(reader, 1) is [byte first, ..] ? first : -1;

    private static string? Complaint(Exception error) => error switch
    {
        MalformedException => error.Message,
        EndOfStreamException => "it ends too early",
        InvalidDataException => "its gzip data are damaged or cut short",
        JsonException json => $"it is not valid JSON in line {(json.LineNumber ?? 0) + 1}",
        _ => null,
    };

    private static Stream OpenFile(string path)
    {
        if (FileNames.IsNative(path))
        {
            NamedPipe.Refuse(path);
            return OpenAsIs(path);
        }

        Stream file = (Stream?)NamedPipeStream.TryOpen(path) ?? OpenAsIs(path);
        if (FileNames.IsCompressed(path))
        {
            return new GzipReader(file);
        }

        // A compressed file may have lost the end of its name; no format of ours begins as gzip does.
        return !file.CanSeek ? Unpack(file) : BeginsAsGzip(file) ? new GzipReader(file) : file;
    }

    private static bool BeginsAsGzip(Stream file)
    {
        byte[] begin = new byte[2];
        int count = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == begin.Length && begin is [GzipMark0, GzipMark1];
    }

    // On Unix any other sharing takes a lock, which only other .NET programs would heed.
    private static FileStream OpenAsIs(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSizeBytes);

    private static Stream Unpack(Stream content)
    {
        PipeReader reader = PipeReader.Create(content);
        bool compressed = Peek(reader, 2) is [GzipMark0, GzipMark1, ..];
        Stream input = reader.AsStream();
        return compressed ? new GzipReader(input) : input;
    }

    private static byte[] Peek(PipeReader reader, int count)
    {
        ReadResult result = reader.ReadAtLeastAsync(count).AsTask().GetAwaiter().GetResult();
        byte[] peeked = result.Buffer.Slice(0, Math.Min(count, result.Buffer.Length)).ToArray();
        reader.AdvanceTo(result.Buffer.Start);
        return peeked;
    }
}
