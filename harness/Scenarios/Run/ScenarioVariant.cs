namespace Culverin.Harness.Scenarios.Run;

/// <summary>One of the ways in which a scenario is played; parts that do not matter are null.</summary>
/// <param name="Case">What is done differently, in lower-case words with hyphens.</param>
/// <param name="Depth">The parity of the game's depth.</param>
/// <param name="Honest">The honest side.</param>
public sealed record ScenarioVariant(
    string? Case = null, DepthParity? Depth = null, HonestSide? Honest = null)
{
    /// <summary>Where there is only one way.</summary>
    public static IReadOnlyList<ScenarioVariant> Only { get; } = [new()];

    /// <summary>Odd and even depth.</summary>
    public static IReadOnlyList<ScenarioVariant> Depths { get; } =
        [new(Depth: DepthParity.Odd), new(Depth: DepthParity.Even)];

    /// <summary>Odd and even depth, with the honest side as challenger and as proposer.</summary>
    public static IReadOnlyList<ScenarioVariant> DepthsAndSides { get; } =
    [
        .. Depths.Select(each => each with { Honest = HonestSide.Challenger }),
        .. Depths.Select(each => each with { Honest = HonestSide.Proposer }),
    ];

    /// <summary>Its parts in lower case, joined by hyphens, or "only".</summary>
    public string Name => string.Join('-', Parts().DefaultIfEmpty("only"));

    /// <summary>Each of these ways, in each of several cases.</summary>
    public static IReadOnlyList<ScenarioVariant> Cross(
        IEnumerable<string> cases, IReadOnlyList<ScenarioVariant> ways) =>
        [.. cases.SelectMany(each => ways.Select(way => way with { Case = each }))];

    private IEnumerable<string> Parts()
    {
        if (Case is not null)
        {
            yield return Case;
        }

        if (Depth is { } depth)
        {
            yield return depth == DepthParity.Odd ? "odd" : "even";
        }

        if (Honest is { } side)
        {
            yield return side == HonestSide.Challenger ? "challenger" : "proposer";
        }
    }
}
