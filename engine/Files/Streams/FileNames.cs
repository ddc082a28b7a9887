namespace Culverin.Files.Streams;

/// <summary>What a file's name says about its content, by the reference's rules.</summary>
internal static class FileNames
{
    /// <summary>Standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>Whether a file of this name is gzip-compressed.</summary>
    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>Whether a state file of this name is binary; all others are JSON.</summary>
    public static bool IsBinary(string path) =>
        path.EndsWith(".bin", StringComparison.Ordinal) || path.EndsWith(".bin.gz", StringComparison.Ordinal);

    /// <summary>Whether a state file of this name has the native format.</summary>
    public static bool IsNative(string path) => path.EndsWith(".culverin", StringComparison.Ordinal);
}
