using System.Globalization;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>Tells the rules by the version that a portal names.</summary>
internal static class PortalVersions
{
    private const int FirstWithCreation = 12;

    /// <summary>
    /// The rules; throws <see cref="ChainException"/> for a version from before games, or none at all.
    /// </summary>
    public static PortalRules RulesOf(string version)
    {
        string[] parts = version.Split('.', '-', '+');
        return parts.Length > 1
            && TryRead(parts[0], out int major)
            && TryRead(parts[1], out int minor)
            && major >= 3
                ? (major, minor) switch
                {
                    (3, < FirstWithCreation) => PortalRules.RespectedNow,
                    (3, _) => PortalRules.RespectedAtCreation,
                    _ => PortalRules.Registry,
                }
                : throw new ChainException(
                    ChainFailure.Artifact,
                    $"The portal says that its version is \"{JsonText.Printable(version)}\"; known are "
                        + "those from 3 on.");
    }

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
