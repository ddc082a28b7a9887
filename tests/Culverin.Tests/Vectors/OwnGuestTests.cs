using Culverin.Guest;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Tests.Shared.Engines;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Vectors;

/// <summary>The guests whose sources are in the repository end as in the reference VM.</summary>
public sealed class OwnGuestTests
{
    public static TheoryData<string, StateVersion, TestedEngine> TestGuests() =>
        Recorded(OwnGuest.TestFolder);

    public static TheoryData<string, StateVersion, TestedEngine> BenchGuests() =>
        Recorded(OwnGuest.BenchFolder);

    [Theory]
    [MemberData(nameof(TestGuests))]
    public void TestGuestsEndAsRecorded(string elf, StateVersion version, TestedEngine engine)
    {
        var guest = OwnGuest.Of(OwnGuest.TestFolder, elf, version);
        using Machine machine = guest.CreateMachine(engine.Options());
        CheckOnTheWay(guest, machine);
        Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
        Assert.Equal(guest.Steps, machine.Step);
        Assert.Equal(guest.ExitCode, machine.ExitCode);
        Assert.Equal(guest.FinalHash, Hex(machine.StateHash()));
    }

    [Theory]
    [MemberData(nameof(BenchGuests))]
    public void BenchGuestsBeginAsRecorded(string elf, StateVersion version, TestedEngine engine)
    {
        var guest = OwnGuest.Of(OwnGuest.BenchFolder, elf, version);
        Assert.NotNull(guest.Step);
        using Machine machine = guest.CreateMachine(engine.Options());
        CheckOnTheWay(guest, machine);
    }

    // Versions 7 and 8 differ in getrandom alone, and the witness has no version byte (VM-SPEC 17.7).
    [Theory]
    [InlineData("wide.64.elf")]
    [InlineData("worker.64.go123.elf")]
    [InlineData("sparseheap.64.elf")]
    public void Version7EndsAsVersion8(string elf)
    {
        using Machine machine = OwnGuest.CreateMachine(elf, StateVersion.MultiThreaded64V4);
        _ = machine.Run(new RunLimits());
        Assert.Equal(
            OwnGuest.Of(OwnGuest.TestFolder, elf, StateVersion.MultiThreaded64V5).FinalHash,
            Hex(machine.StateHash()));
    }

    // No reference of version 4 can be had; its programs must at least find themselves right.
    [Theory]
    [InlineData("wide-v3.64.elf")]
    [InlineData("worker.64.go122.elf")]
    [InlineData("sparseheap.64.elf")]
    public void Version4EndsWell(string elf)
    {
        using Machine machine = OwnGuest.CreateMachine(elf, StateVersion.MultiThreaded64V2);
        Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
        Assert.Equal(0, machine.ExitCode);
    }

    // A linker may give a segment of zeros alone an offset behind the file's end.
    [Fact]
    public void ASegmentOfZerosMayLieBehindTheFile()
    {
        ElfFile elf = OwnGuest.Read("unaligned.elf", OwnGuest.BenchFolder);
        long length =
            RepositoryFiles.ReadGzip(OwnGuest.ElfPath("unaligned.elf", OwnGuest.BenchFolder)).Length;
        ElfSegment zeros = elf.Segments.First(
            segment => segment.FileSizeBytes == 0 && segment.MemorySizeBytes > 0);
        Assert.True(zeros.FileOffset > (ulong)length);
        using MachineImage image = Loader.Load(elf, StateVersion.SingleThreaded2);
        Assert.True(image.Memory.IsPresent(zeros.VirtualAddress >> GuestMemory.PageShift));
    }

    private static void CheckOnTheWay(OwnGuest guest, Machine machine)
    {
        if (guest.Step is { } step)
        {
            _ = machine.Run(new RunLimits { UntilStep = step });
            Assert.Equal(guest.Hash, Hex(machine.StateHash()));
        }
    }

    private static TheoryData<string, StateVersion, TestedEngine> Recorded(string folder)
    {
        var rows = new TheoryData<string, StateVersion, TestedEngine>();
        foreach (OwnGuest guest in OwnGuest.RecordedIn(folder))
        {
            foreach (TestedEngine engine in TestedEngines.All)
            {
                rows.Add(guest.Elf, guest.Version, engine);
            }
        }

        return rows;
    }

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
