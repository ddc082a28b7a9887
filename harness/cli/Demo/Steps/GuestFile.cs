using System.IO.Compression;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>Reads the guest program, compressed by gzip or not.</summary>
internal static class GuestFile
{
    private const int BlockBytes = 1 << 16;
    private const int SizeMaxBytes = 512 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, or <see cref="ErrorCode.InvalidElf"/> for one that is too large.
    /// </exception>
    public static byte[] Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            bool isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using Stream content = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return ReadBounded(content, path);
        }
        catch (Exception error) when (error is IOException or InvalidDataException
            or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The guest '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static byte[] ReadBounded(Stream stream, string path)
    {
        using MemoryStream content = new();
        byte[] block = new byte[BlockBytes];
        for (int count; (count = stream.Read(block)) > 0;)
        {
            if (content.Length + count > SizeMaxBytes)
            {
                throw new CulverinException(
                    ErrorCode.InvalidElf,
                    $"The guest '{path}' is larger than {SizeMaxBytes >> 20} MiB.");
            }

            content.Write(block, 0, count);
        }

        return content.ToArray();
    }
}
