using Culverin.Isa;
using Xunit;

namespace Culverin.Tests.Isa;

/// <summary>The list of instructions has all that are written, once.</summary>
public sealed class InstructionSetTests
{
    [Fact]
    public void EveryInstructionIsVisitedOnce()
    {
        List<Type> visited = [];
        var collector = new Collector(visited);
        InstructionSet.VisitAll(ref collector);
        IEnumerable<Type> written = typeof(IInstruction).Assembly.GetTypes()
            .Where(type => type.IsValueType && typeof(IInstruction).IsAssignableFrom(type));
        Assert.Empty(written.Except(visited).Select(type => $"InstructionSet does not visit {type.Name}"));
        Assert.Empty(visited.GroupBy(type => type).Where(each => each.Count() > 1).Select(
            each => $"InstructionSet visits {each.Key.Name} more than once"));
        Assert.Equal(visited.Count, InstructionSet.Rows.Count);
    }

    private readonly struct Collector(List<Type> visited) : IInstructionVisitor
    {
        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction => visited.Add(typeof(TInstruction));
    }
}
