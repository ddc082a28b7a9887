using System.CommandLine;
using System.Globalization;
using System.Text;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>`list`: the state versions that this program runs.</summary>
internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "list the state versions that can be run")
    {
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        if (flags.GetValue(JsonFlag))
        {
            WriteReport();
            return ExitCodes.Success;
        }

        var text = new StringBuilder("Available cannon versions:\n");
        foreach (FeatureSet features in FeatureSet.All)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"filename: culverin\tversion: {features.Name} ({(byte)features.Version})\n");
        }

        StandardOutput.WriteText(text.ToString());
        return ExitCodes.Success;
    }

    private static void WriteReport() =>
        StandardOutput.WriteJson(
            new ListReport(FeatureSet.All.Select(features => new ListedVersion(
                (byte)features.Version, features.Name, features.WordBits))),
            isIndented: true);
}
