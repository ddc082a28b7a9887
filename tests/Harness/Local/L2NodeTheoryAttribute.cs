using Xunit;

namespace Culverin.Harness.Tests.Local;

/// <summary>Tests that need the L2's node, which is built where Go is.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class L2NodeTheoryAttribute : TheoryAttribute
{
    public L2NodeTheoryAttribute()
    {
        Skip = new L2NodeFactAttribute().Skip;
    }
}
