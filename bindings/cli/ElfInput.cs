using System;
using System.IO;
using Culverin.Guest;

namespace Culverin.Cli;

/// <summary>Reads ELF files that somebody named on the command line.</summary>
internal static class ElfInput
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/> or <see cref="ErrorCode.InvalidElf"/>.
    /// </exception>
    public static ElfFile Read(string path)
    {
        try
        {
            return ElfFile.Parse(ReadBounded(path));
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The ELF file '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A device may be without end, so the length a file claims is not enough to know.</summary>
    private static byte[] ReadBounded(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var content = new MemoryStream((int)Math.Min(stream.Length, ElfFile.FileSizeMaxBytes) + 1);
        byte[] block = new byte[BlockBytes];
        for (int count; (count = stream.Read(block)) > 0;)
        {
            if (content.Length + count > ElfFile.FileSizeMaxBytes)
            {
                throw new CulverinException(
                    ErrorCode.InvalidElf,
                    $"The ELF file '{path}' is larger than {ElfFile.FileSizeMaxBytes >> 20} MiB.");
            }

            content.Write(block, 0, count);
        }

        return content.ToArray();
    }
}
