using System.Globalization;

namespace Culverin.Tests.Translate;

/// <summary>Where random tests begin.</summary>
internal static class RandomSeed
{
    private const string Variable = "CULVERIN_SEED";

    /// <summary>The number in the environment variable CULVERIN_SEED; else another one each time.</summary>
    public static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int seed)
            ? seed
            : Environment.TickCount & 0x3FFF_FFFF;
}
