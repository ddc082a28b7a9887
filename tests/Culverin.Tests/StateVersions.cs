using Culverin.Versions;
using Xunit;

namespace Culverin.Tests;

/// <summary>The state versions that a test is run for.</summary>
public static class StateVersions
{
    /// <summary>Every one that there is.</summary>
    public static TheoryData<StateVersion> All => [.. FeatureSet.All.Select(set => set.Version)];
}
