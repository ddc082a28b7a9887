using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Scenarios;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>The catalog in parts that take about as long, and nothing of it left out.</summary>
public static class CatalogTests
{
    private static readonly string[] Parts = [AlphabetTests.Letters, CannonTests.Letters, PortalTests.Letters];

    [Fact]
    public static void Every_scenario_is_in_one_part()
    {
        Assert.All(
            ScenarioCatalog.All,
            scenario => Assert.Single(
                Parts, part => part.Contains(scenario.Id[0], StringComparison.Ordinal)));
        Assert.All(Parts, part => Assert.NotEmpty(NamesOf(part)));
    }

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

    internal static IEnumerable<object[]> NamesOf(string letters) => ScenarioCatalog.Cases
        .Where(each => letters.Contains(each.Scenario.Id[0], StringComparison.Ordinal))
        .GroupBy(each => each.Scenario.Options(each.Variant))
        .SelectMany(group => group)
        .Select(each => new object[] { NameOf(each) });

    private static string NameOf((Scenario Scenario, ScenarioVariant Variant) each) =>
        $"{each.Scenario.Id}/{each.Variant.Name}";
}

/// <summary>Games about the alphabet.</summary>
public sealed class AlphabetTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    internal const string Letters = "A";

    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(Letters);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Games about the real machine.</summary>
public sealed class CannonTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    internal const string Letters = "CLM";

    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(Letters);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}

/// <summary>Withdrawals and the guardian.</summary>
public sealed class PortalTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    internal const string Letters = "GSWg";

    public static IEnumerable<object[]> Names => CatalogTests.NamesOf(Letters);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Holds(string name) => fixture.AssertHeldAsync(name);
}
