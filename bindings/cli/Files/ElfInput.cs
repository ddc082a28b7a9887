using Culverin.Files.Streams;
using Culverin.Guest;

namespace Culverin.Cli.Files;

/// <summary>Programs as commands take them.</summary>
internal static class ElfInput
{
    /// <summary>Reads a program from a file, or from standard input if the name is a dash.</summary>
    /// <exception cref="CulverinException">As <see cref="ElfFile.Read(string)"/>.</exception>
    public static ElfFile Read(string path)
    {
        if (path != FileNameFormat.StandardOutput)
        {
            return ElfFile.Read(path);
        }

        using Stream input = StandardStreams.OpenInput();
        return ElfFile.Read(input, "on standard input");
    }
}
