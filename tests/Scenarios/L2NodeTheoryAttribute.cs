using Culverin.Harness.Local;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>Tests that need the L2's node, which is built where Go is.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class L2NodeTheoryAttribute : TheoryAttribute
{
    public L2NodeTheoryAttribute()
    {
        if (!L2Program.IsThere)
        {
            Skip = "artifacts/l2-node is absent (./build.sh build makes it where Go is): NOTHING ran.";
        }
    }
}
