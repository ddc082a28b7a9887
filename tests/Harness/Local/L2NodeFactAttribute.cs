using Culverin.Harness.Local;
using Xunit;

namespace Culverin.Harness.Tests.Local;

/// <summary>A test that needs the L2's node, which is built where Go is.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class L2NodeFactAttribute : FactAttribute
{
    public L2NodeFactAttribute()
    {
        if (!L2Program.IsThere)
        {
            Skip = "artifacts/l2-node is absent (./build.sh build makes it where Go is): "
                + "the test did NOT run.";
        }
    }
}
