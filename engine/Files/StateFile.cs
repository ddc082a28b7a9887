using System.IO.Pipelines;
using Culverin.Files.Streams;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>
/// State files of all versions (VM-SPEC section 11). The name decides the format, as
/// in the reference: ".bin" is binary, ".bin.gz" its gzip, anything else JSON, compressed when it ends with
/// ".gz"; ours is ".culverin", the native state, which is not parsed page by page.
/// </summary>
/// <remarks>
/// <para>Both ways are streams: beside the guest's pages there is never more than a few buffers and the hint
/// that the file holds (64 MiB at most). Files are hostile: no length in them is believed before its bytes
/// have come, and nothing of an image remains after an error.</para>
/// <para>Like the reference, the reader takes pages in any order and ignores bytes after a binary state (up
/// to 1 MiB). Unlike it, it refuses what no writer makes: a page twice, a page outside the address space,
/// an active thread stack without a thread, JSON with a missing or repeated field, and a .bin.gz with a wrong
/// checksum.</para>
/// </remarks>
internal static class StateFile
{
    /// <summary>Reads a state.</summary>
    /// <param name="path">
    /// The file; "-" is standard input, where the content itself tells which of the formats it is.
    /// </param>
    /// <returns>The image, which the caller disposes. All of its pages are dirty.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/>, <see cref="ErrorCode.UnsupportedVersion"/>,
    /// <see cref="ErrorCode.FileAccess"/>, or <see cref="ErrorCode.InvalidArgument"/> for an empty name.
    /// </exception>
    public static MachineImage Read(string path) =>
        InputFile.Read(path, "state", ErrorCode.InvalidState, input => path switch
        {
            FileNames.Standard => ReadByContent(input),
            _ when FileNames.IsNative(path) => NativeStateReader.ReadImage((FileStream)input),
            _ => FileNames.IsBinary(path) ? BinaryState.Read(input) : ReadJson(input),
        });

    /// <summary>
    /// Reads a state from memory; the content itself tells which of the formats it is, but for the native
    /// one, which only files have.
    /// </summary>
    /// <returns>The image, which the caller disposes. All of its pages are dirty.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/> or <see cref="ErrorCode.UnsupportedVersion"/>.
    /// </exception>
    public static MachineImage Read(ReadOnlySpan<byte> content) =>
        InputFile.Read(content.ToArray(), "state", ErrorCode.InvalidState, ReadByContent);

    /// <summary>Writes a state.</summary>
    /// <param name="path">
    /// The file, replaced whole or not at all; "" writes nothing; "-" is standard output, which gets JSON
    /// from a version that has it and an uncompressed binary state from others.
    /// </param>
    /// <param name="image">The state; it must not run meanwhile.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>; <see cref="ErrorCode.UnsupportedVersion"/> for JSON of a version
    /// that has none; <see cref="ErrorCode.LimitExceeded"/> for JSON with a hint that the reader would
    /// refuse. The last two come before anything is written.
    /// </exception>
    public static void Write(string path, MachineImage image)
    {
        if (path.Length == 0)
        {
            return;
        }

        if (FileNames.IsNative(path))
        {
            NativeStateWriter.Write(path, image);
            return;
        }

        bool binary = path == FileNames.Standard ? !image.Features.HasJsonFiles : FileNames.IsBinary(path);
        if (!binary)
        {
            JsonStateWriter.RequireWritable(path, image);
        }

        OutputFile.Write(path, output =>
        {
            if (binary)
            {
                BinaryState.Write(output, image);
            }
            else
            {
                using var writer = new JsonStateWriter(output);
                writer.Write((MachineImage<uint>)image);
            }
        });
    }

    private static MachineImage ReadByContent(Stream input)
    {
        PipeReader reader = PipeReader.Create(input);
        int first = InputFile.Peek(reader);
        if (first < 0)
        {
            throw new MalformedException("it is empty");
        }

        bool binary = first <= (int)FeatureSet.Newest.Version;
        using Stream content = reader.AsStream();
        return binary ? BinaryState.Read(content) : ReadJson(content);
    }

    private static MachineImage<uint> ReadJson(Stream input)
    {
        StateVersion version = FeatureSet.All.First(features => features.HasJsonFiles).Version;
        using var reader = new JsonStateReader(input);
        return reader.Read(version);
    }
}
