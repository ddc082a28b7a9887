using Culverin.Commit;
using Culverin.Execute;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Commit;

/// <summary>A state's commitment without a machine is that of a machine.</summary>
public sealed class CommitmentTests
{
    private const int Seed = 5_021;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void AnImageCommitsToWhatItsMachineDoes(StateVersion version)
    {
        MachineImage image = new RandomProgram(Seed, version).Create();
        var before = Commitment.Of(image);
        int dirty = image.Memory.DirtyPages.Count;
        Assert.Equal(image.Memory.PageCount, dirty);
        using var machine = Machine.Create(
            image, new MachineOptions { Oracle = RandomSteps.CreateOracle() });
        Assert.Equal(machine.Witness(), before.Witness);
        Assert.Equal(machine.StateHash(), before.Hash);

        // In the middle of a run too, whose tree it leaves alone.
        try
        {
            _ = machine.Run(new RunLimits { UntilStep = 2_000 });
        }
        catch (GuestPanicException)
        {
            // Nearly all random programs end so.
        }

        Assert.True(machine.Step > 0);

        var after = Commitment.Of(image);
        Assert.Equal(machine.Witness(), after.Witness);
        Assert.Equal(machine.StateHash(), after.Hash);
        Assert.Equal((machine.Step, machine.ProgramCounter), (image.Step, image.ProgramCounter));
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void MemoryWithoutPagesHasARootToo(StateVersion version)
    {
        using MachineImage image = MachineImage.CreateEmpty(version);
        var commitment = Commitment.Of(image);
        Assert.Equal((byte)MachineStatus.Unfinished, commitment.Hash[0]);
        using var machine = Machine.Create(image, new MachineOptions());
        Assert.Equal(machine.StateHash(), commitment.Hash);
    }
}
