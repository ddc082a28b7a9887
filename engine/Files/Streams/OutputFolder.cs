using System.Security.Cryptography;
using Culverin.Primitives;

namespace Culverin.Files.Streams;

/// <summary>Asks of a folder, before hours of work, whether files can be written there.</summary>
internal static class OutputFolder
{
    private const int RandomSizeBytes = 8;

    /// <summary>
    /// Makes an empty file as <see cref="AtomicFile"/> would and removes it, since only the system knows what
    /// it allows.
    /// </summary>
    /// <returns>Why that is refused, without a full stop; null if it is not.</returns>
    public static string? WhyNot(string folder)
    {
        string random = Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomSizeBytes));
        try
        {
            return Leftovers.Make<string?>(() =>
            {
                using var probe = new FileStream(
                    Path.Combine(folder, $".culverin-{random}.tmp"),
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0,
                    FileOptions.DeleteOnClose);
                return null;
            });
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            return FileErrors.Why(error);
        }
    }
}
