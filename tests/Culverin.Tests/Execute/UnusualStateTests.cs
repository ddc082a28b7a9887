using System.Buffers.Binary;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Execute;

/// <summary>States that no program brings about, and places where fast paths give up.</summary>
public sealed unsafe class UnusualStateTests
{
    private const int Seed = 20_261_121;
    private const ulong Code = 0x0040_0000;

    // A state file may hold anything there: it is read as it stands, and no write changes it.
    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void ARegisterZeroThatIsNotZeroRunsEqually(StateVersion version)
    {
        using Machine fast = CreateWithRegisterZero(version);
        using Machine slow = CreateWithRegisterZero(version);
        string fastStop = StopOf(() => fast.Run(new RunLimits { UntilStep = 500 }));
        Assert.Equal(StopOf(() => SlowPath.StepTo(slow, 500)), fastStop);
        Assert.Equal(slow.Step, fast.Step);
        Assert.Equal(slow.Witness(), fast.Witness());
        Assert.True(slow.Step > 3);
    }

    // Beyond the directly mapped space a store-conditional is the slow path's, with its reservation intact.
    [Theory]
    [InlineData(0x0000_1000_0000_0000UL)]
    [InlineData(0x0001_0000_0000_1000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF8UL)]
    public void AReservationHoldsWhereverTheWordIs(ulong guestAddress)
    {
        using Machine machine = CreateMachine(guestAddress, [Word("lld", 4, 2), Word("scd", 4, 3)], out _);
        var image = (MachineImage<ulong>)machine.Image;
        _ = machine.Run(new RunLimits { UntilStep = 1 });
        _ = machine.Run(new RunLimits { UntilStep = 2 });
        Assert.Equal(1UL, image.State.Cpu->Registers[3]);
        Assert.Equal(3UL, image.Memory.ReadUInt64(guestAddress));
        Assert.Equal(ReservationStatus.None, image.State.Threads!.Reservation);
    }

    // The contract clears address and owner at every write to that word, whatever the status says.
    [Fact]
    public void AnAddressWithoutAReservationIsClearedByAWrite()
    {
        using Machine fast = CreateStray();
        using Machine slow = CreateStray();
        StepProof proof = slow.Prove();
        new StepVerifier(StateVersion.MultiThreaded64V5).Verify(proof);
        _ = fast.Run(new RunLimits { UntilStep = 1 });
        Assert.Equal(proof.PostHash, fast.StateHash());
        Assert.Equal(0UL, ((MachineImage<ulong>)fast.Image).State.Threads!.ReservationOwner);
    }

    private static Machine CreateStray()
    {
        Machine machine = CreateMachine(0x0200_0000, [Word("sw", 4, 2)], out MachineImage<ulong> image);
        image.State.Threads!.ReservedAddress = 0x0200_0004;
        image.State.Threads.ReservationOwner = 9;
        return machine;
    }

    private static Machine CreateWithRegisterZero(StateVersion version)
    {
        MachineImage image = new RandomProgram(Seed, version).Create();
        if (image is MachineImage<uint> image32)
        {
            image32.State.Cpu->Registers[0] = 0x8000_0005;
        }
        else
        {
            ((MachineImage<ulong>)image).State.Cpu->Registers[0] = 0x8000_0000_0000_0005;
        }

        return Machine.Create(image, new MachineOptions { Oracle = RandomSteps.CreateOracle() });
    }

    // SAFETY: the state's native block lives as long as the machine, which takes the image over.
    private static Machine CreateMachine(ulong guestAddress, uint[] code, out MachineImage<ulong> image)
    {
        image = MachineImage.CreateEmpty64(StateVersion.MultiThreaded64V5);
        byte[] word = new byte[sizeof(uint)];
        for (int index = 0; index < code.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(word, code[index]);
            image.Memory.WriteBytes(Code + ((ulong)index * 4), word);
        }

        image.Memory.WriteUInt64(guestAddress, 7);
        CpuState<ulong>* cpu = image.State.Cpu;
        cpu->Pc = Code;
        cpu->NextPc = Code + 4;
        cpu->Registers[3] = 3;
        cpu->Registers[4] = guestAddress;
        return Machine.Create(image, new MachineOptions());
    }

    private static uint Word(string mnemonic, uint rs, uint rt) =>
        InstructionSet.Rows.First(row => row.Mnemonic == mnemonic).FixedBits | (rs << 21) | (rt << 16);

    private static string StopOf(Action run)
    {
        try
        {
            run();
            return "";
        }
        catch (GuestPanicException panic)
        {
            return panic.Reason.ToString();
        }
    }
}
