using Culverin.Versions;

namespace Culverin.Cli.Files;

/// <summary>Which file names states may be written to.</summary>
internal static class StateFormats
{
    /// <summary>Refuses a name whose ending says neither binary nor, where there is such, JSON.</summary>
    /// <param name="flagName">The flag it comes from.</param>
    /// <param name="path">The name; empty for no file and a dash for standard output are fine.</param>
    /// <param name="features">The version.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static void Require(string flagName, string path, FeatureSet features)
    {
        bool isBinary = path.EndsWith(".bin", StringComparison.Ordinal)
            || path.EndsWith(".bin.gz", StringComparison.Ordinal)
            || path.EndsWith(".culverin", StringComparison.Ordinal);
        bool isJson = path.EndsWith(".json", StringComparison.Ordinal)
            || path.EndsWith(".json.gz", StringComparison.Ordinal);
        bool isKnown = isBinary || (isJson && features.HasJsonFiles);
        if (isKnown || path.Length == 0 || path == FileNameFormat.StandardOutput)
        {
            return;
        }

        string known = features.HasJsonFiles
            ? ".bin, .bin.gz, .culverin, .json or .json.gz"
            : ".bin, .bin.gz or .culverin";
        throw new CulverinException(
            ErrorCode.InvalidArgument,
            $"{flagName} \"{path}\" must end with {known} for states of version {(byte)features.Version}.");
    }
}
