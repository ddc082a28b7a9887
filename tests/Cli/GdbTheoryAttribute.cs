using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>Tests that compare with gdb.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GdbTheoryAttribute : TheoryAttribute
{
    public GdbTheoryAttribute() => Skip = Gdb.Missing;
}
