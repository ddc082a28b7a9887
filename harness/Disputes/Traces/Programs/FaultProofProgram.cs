using Culverin.Files.Streams;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>The fault-proof program that this harness brings along: see harness/guest.</summary>
public static class FaultProofProgram
{
    private const string StateName = "prestate.bin.gz";

    /// <summary>Hash of its first state, which games that it decides are made with.</summary>
    public static Bytes32 PrestateHash { get; } = ReadHash();

    /// <summary>Writes its first state into a folder, made if need be, and returns the file's path.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static string WritePrestate(string folder)
    {
        string path = Path.Combine(folder, StateName);
        try
        {
            _ = Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The folder \"{folder}\" cannot be made: {error.Message}", error);
        }

        AtomicFile.Write(path, file =>
        {
            using Stream content = Open(StateName);
            content.CopyTo(file);
        });
        return path;
    }

    private static Bytes32 ReadHash()
    {
        using StreamReader text = new(Open("prestate.hash"));
        return Bytes32.Parse(text.ReadToEnd().Trim());
    }

    private static Stream Open(string name) =>
        typeof(FaultProofProgram).Assembly.GetManifestResourceStream($"guest/{name}")
            ?? throw new InvalidOperationException($"This build lacks the file {name}.");
}
