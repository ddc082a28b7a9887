using Culverin.Run;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.State;

/// <summary>Images and machines share what they own, so each part must bear being disposed twice.</summary>
public sealed class DisposalTests
{
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void AnImageMayBeDisposedAfterItsMachine(StateVersion version)
    {
        for (int round = 0; round < 100; round++)
        {
            MachineImage image = MachineImage.CreateEmpty(version);
            image.Memory.WriteUInt32(0x1000, 1);
            Machine machine = Machine.Create(image, new MachineOptions());
            _ = machine.StateHash();
            machine.Dispose();
            image.Dispose();
            image.Dispose();
            machine.Dispose();
        }
    }
}
