using Culverin.Harness.Scenarios.Cases;
using Culverin.Harness.Scenarios.Run;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>
/// A runner for the tests of one class, which are played one after the other; classes go side by side.
/// </summary>
public sealed class RunnerFixture : IAsyncLifetime
{
    internal ScenarioRunner Runner { get; } = new(Repository.Packages, parallelCount: 1);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Runner.DisposeAsync().AsTask();

    /// <summary>Plays one of the catalog, and shows its line when it breaks.</summary>
    internal async Task AssertHeldAsync(string name)
    {
        (Scenario scenario, ScenarioVariant variant) = ScenarioCatalog.Find(name).Single();
        ScenarioResult result = await Runner.RunAsync(scenario, variant);
        Assert.True(result.Held, ScenarioJson.Line(result));
        Assert.True(result.ExpectationCount > 0);
        Assert.NotEmpty(result.Expected);
        Assert.Equal(result.Expected, result.Got);
    }
}
