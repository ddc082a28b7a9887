using Culverin.State;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.State;

/// <summary>The list of dirty pages and the list of changed pages, each emptied at its own times.</summary>
public sealed class ChangeLogTests(ITestOutputHelper output)
{
    private const int Actions = 20_000;
    private const int PageCount = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BothListsAreWhatASetWouldHold(bool isSparse)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using GuestMemory memory = isSparse ? new SparseMemory() : new FlatMemory();
        HashSet<ulong> present = [];
        HashSet<ulong> dirty = [];
        HashSet<ulong> changed = [];
        bool logs = false;
        for (int action = 0; action < Actions; action++)
        {
            switch (random.Next(40))
            {
                case 0:
                    memory.ClearDirty();
                    dirty.Clear();
                    break;
                case 1 when logs:
                    memory.ClearChanges();
                    changed.Clear();
                    break;
                case 2 when random.Next(50) == 0:
                    memory.StartChangeLog();
                    changed.Clear();
                    logs = true;
                    break;
                case 3:
                    memory.MarkCode(Page(random, isSparse));
                    break;
                default:
                    ulong page = Page(random, isSparse);
                    memory.WriteUInt32(page << GuestMemory.PageShift, (uint)action);
                    _ = present.Add(page);
                    _ = dirty.Add(page);
                    _ = logs && changed.Add(page);
                    break;
            }

            Assert.True(dirty.Count == memory.DirtyPages.Count, $"seed {seed}, action {action}");
            Assert.True(changed.Count == memory.ChangedPages.Count, $"seed {seed}, action {action}");
        }

        Assert.Equal(dirty.Order(), memory.DirtyPages.Order());
        Assert.Equal(changed.Order(), memory.ChangedPages.Order());
        Assert.Equal(present.Order(), memory.PresentPages());
        Assert.Equal(present.Count, memory.PageCount);
        Assert.True(logs, $"seed {seed}: the log was never started");
    }

    // Some pages lie outside the part that a 64-bit guest's memory maps.
    private static ulong Page(Random random, bool isSparse)
    {
        ulong page = (ulong)random.Next(PageCount);
        return isSparse && page % 3 == 0 ? page | (1UL << 50) : page;
    }
}
