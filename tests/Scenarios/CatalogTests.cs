using Culverin.Harness.Arenas;
using Culverin.Harness.Scenarios.Cases;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Tests.Local;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>The catalog in parts, which are tested side by side.</summary>
public static class CatalogTests
{
    // What the other games stay far below.
    private const int ProductionSplitDepth = 30;

    /// <summary>The parts; whatever is in no other is in the last.</summary>
    internal enum Part
    {
        Alphabet,
        OddCannon,
        EvenCannon,
        Deep,
        Portal,
    }

    [Fact]
    public static void Every_part_has_scenarios() =>
        Assert.All(Enum.GetValues<Part>(), part => Assert.NotEmpty(NamesOf(part)));

    [Fact]
    public static void Names_are_unique_and_find_what_they_name()
    {
        string[] names = [.. ScenarioCatalog.Cases.Select(NameOf)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Equal(name, NameOf(ScenarioCatalog.Find(name).Single())));
        Assert.Equal(
            ScenarioCatalog.All[0].Variants,
            ScenarioCatalog.Find(ScenarioCatalog.All[0].Id.ToLowerInvariant()).Select(each => each.Variant));
        Assert.Empty(ScenarioCatalog.Find("A1/"));
    }

    [Fact]
    public static void Numbers_are_listed_in_their_order()
    {
        string[] ids = [.. ScenarioCatalog.All.Select(scenario => scenario.Id)];
        Assert.True(Array.IndexOf(ids, "C2") < Array.IndexOf(ids, "C10"));
        Assert.True(Array.IndexOf(ids, "C18") < Array.IndexOf(ids, "G1"));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    internal static IEnumerable<object[]> NamesOf(Part part) => ScenarioCatalog.Cases
        .Where(each => PartOf(each.Scenario, each.Variant) == part)
        .GroupBy(each => each.Scenario.Options(each.Variant))
        .SelectMany(group => group)
        .Select(each => new object[] { NameOf(each) });

    private static Part PartOf(Scenario scenario, ScenarioVariant variant) =>
        scenario.Options(variant).Machine == ArenaMachine.Alphabet ? Part.Alphabet
        : scenario.Options(variant).SplitDepth == ProductionSplitDepth ? Part.Deep
        : variant.Depth == DepthParity.Odd ? Part.OddCannon
        : variant.Depth == DepthParity.Even ? Part.EvenCannon
        : Part.Portal;

    private static string NameOf((Scenario Scenario, ScenarioVariant Variant) each) =>
        $"{each.Scenario.Id}/{each.Variant.Name}";
}

/// <summary>Games about the alphabet.</summary>
public sealed class AlphabetTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(CatalogTests.Part.Alphabet);

    [L2NodeTheory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Games of odd depth about the real machine.</summary>
public sealed class OddCannonTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(CatalogTests.Part.OddCannon);

    [L2NodeTheory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Games of even depth about the real machine.</summary>
public sealed class EvenCannonTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(CatalogTests.Part.EvenCannon);

    [L2NodeTheory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Withdrawals, the guardian, and what has no depth.</summary>
public sealed class PortalTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(CatalogTests.Part.Portal);

    [L2NodeTheory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Games of production's depths.</summary>
public sealed class DeepTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(CatalogTests.Part.Deep);

    [L2NodeTheory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}
