using Culverin.Commit;
using Culverin.Files;
using Culverin.State;
using Culverin.Tests.Shared;

namespace Culverin.Tests.Files;

/// <summary>State files that the reference wrote, and how to compare with them.</summary>
internal static class StateSamples
{
    /// <summary>Path of a sample in tests/vectors/states.</summary>
    public static string Locate(string name) => RepositoryFiles.Vector("states", name);

    /// <summary>A sample's uncompressed bytes.</summary>
    public static byte[] Raw(string name) => RepositoryFiles.ReadGzip(Locate(name));

    /// <summary>The state hash with 0x; disposes the image.</summary>
    public static string Hash(MachineImage image)
    {
        using (image)
        {
            return "0x" + Convert.ToHexStringLower(Commitment.Of(image).Hash);
        }
    }

    /// <summary>An image as the bytes of its binary file.</summary>
    public static byte[] Bytes(MachineImage image, string temporaryFile)
    {
        StateFile.Write(temporaryFile, image);
        return File.ReadAllBytes(temporaryFile);
    }
}
