using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>A test that needs data that lie beside the repository, in ../shared/fixtures.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FixtureTheoryAttribute : TheoryAttribute
{
    private bool _needsGo;

    public FixtureTheoryAttribute(string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            Skip = $"../shared/fixtures/{name} is absent: the test did NOT run.";
        }
    }

    /// <summary>The test needs the Go compiler, too.</summary>
    public bool NeedsGo
    {
        get => _needsGo;
        set
        {
            _needsGo = value;
            Skip ??= value ? new GoFactAttribute().Skip : null;
        }
    }

    internal static string PathOf(string name) =>
        Path.GetFullPath(Path.Combine(Repository.Folder, "..", "shared", "fixtures", name));
}
