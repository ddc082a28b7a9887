using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>Cases that are played on the deployed contracts: the chains of a class, and a seed.</summary>
public abstract class ContractTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    /// <summary>Decides everything that is random in a case; it is printed.</summary>
    protected int Seed { get; } = Print(output);

    protected ArenaFixture Fixture { get; } = fixture;

    protected ITestOutputHelper Output { get; } = output;

    /// <summary>Puts steps before the contract; returns how often each known difference was met.</summary>
    internal async Task<Dictionary<DifferenceKind, int>> JudgeAsync(
        DeployedContract contract, IReadOnlyList<JudgedStep> steps) =>
        await new Judge(contract, await Fixture.ArenaOfAsync(contract), Output).CompareAsync(steps);

    private static int Print(ITestOutputHelper output)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
