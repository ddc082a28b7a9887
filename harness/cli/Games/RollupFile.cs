using System.Text.Json;
using Culverin.Harness.Rollup;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>Reads the file that describes an L2.</summary>
internal static class RollupFile
{
    private const long BytesMax = 1 << 20;

    /// <summary>
    /// Reads a JSON object with l2ChainId, batcher, portal, l1StartNumber and, if it is not 2, blockSeconds.
    /// Throws <see cref="CulverinException"/> when it is malformed, and the exceptions of files.
    /// </summary>
    public static RollupConfig Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > BytesMax)
        {
            throw Malformed(path, "it is too large", null);
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(file);
            JsonElement root = json.RootElement;
            return new RollupConfig
            {
                L2ChainId = root.GetProperty("l2ChainId").GetUInt64(),
                Batcher = Address.Parse(root.GetProperty("batcher").GetString() ?? ""),
                Portal = Address.Parse(root.GetProperty("portal").GetString() ?? ""),
                L1StartNumber = root.GetProperty("l1StartNumber").GetUInt64(),
                BlockSeconds = root.TryGetProperty("blockSeconds", out JsonElement seconds)
                    ? seconds.GetUInt64()
                    : 2,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException
            or FormatException or System.Collections.Generic.KeyNotFoundException or ChainException)
        {
            throw Malformed(path, error.Message, error);
        }
    }

    private static CulverinException Malformed(string path, string why, Exception? cause)
    {
        string sentence = $"'{path}' does not describe an L2: {why.TrimEnd('.')}.";
        return cause is null
            ? new CulverinException(ErrorCode.InvalidArgument, sentence)
            : new CulverinException(ErrorCode.InvalidArgument, sentence, cause);
    }
}
