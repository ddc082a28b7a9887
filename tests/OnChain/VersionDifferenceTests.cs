using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests;
using Culverin.Prove;
using Culverin.Versions;
using Xunit;

namespace Culverin.OnChain.Tests;

/// <summary>
/// What the contract, version 0 and version 2 each say where they are known to differ, worked out by hand.
/// </summary>
public sealed class VersionDifferenceTests(ArenaFixture fixture) : IClassFixture<ArenaFixture>
{
    private const uint Syscall = 0x0000_000C;
    private const uint BadDescriptor = 9;
    private const uint InvalidArgument = 0x16;
    private const uint Fails = uint.MaxValue;

    // The offset of the branches below is 4 instructions after the delay slot.
    private const uint BranchTarget = HandmadeStep.Pc + 4 + 16;
    private const uint LinkAddress = HandmadeStep.Pc + 8;
    private const uint BltzalOf8 = 0x0510_0004;
    private const uint BgezalOf8 = 0x0511_0004;

    [Theory]
    [InlineData(0u, 0u, 0u)]
    [InlineData(1u, 0u, 0u)]
    [InlineData(2u, 0u, 0u)]
    [InlineData(3u, 0u, 0u)]
    [InlineData(4u, 0u, 0u)]
    [InlineData(5u, 0u, 0u)]
    [InlineData(6u, 0u, 0u)]
    [InlineData(7u, Fails, BadDescriptor)]
    [InlineData(0xFFFF_FFFFu, Fails, BadDescriptor)]
    public async Task Fcntl_getfd_is_known_to_version_2_only(uint descriptor, uint result, uint error)
    {
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded2, Syscall, HandmadeStep.Registers(2, 4055, 4, descriptor, 5, 1));
        MachineWitness after = KnownDifference.Advance(new MachineWitness(proof.StateData));
        await RequireAsync(
            proof,
            after.Copy().WithRegister(2, result).WithRegister(7, error),
            after.Copy().WithRegister(2, Fails).WithRegister(7, InvalidArgument));
    }

    [Theory]
    [InlineData(0u, 0u, 0u)]
    [InlineData(1u, 1u, 0u)]
    [InlineData(2u, 1u, 0u)]
    [InlineData(3u, 0u, 0u)]
    [InlineData(4u, 1u, 0u)]
    [InlineData(5u, 0u, 0u)]
    [InlineData(6u, 1u, 0u)]
    [InlineData(7u, Fails, BadDescriptor)]
    public async Task Fcntl_getfl_is_the_same_for_all(uint descriptor, uint result, uint error)
    {
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded2, Syscall, HandmadeStep.Registers(2, 4055, 4, descriptor, 5, 3));
        MachineWitness after = KnownDifference.Advance(new MachineWitness(proof.StateData))
            .WithRegister(2, result)
            .WithRegister(7, error);
        await RequireAsync(proof, after, after);
    }

    [Theory]
    [InlineData(0u, true)]
    [InlineData(0x7FFF_FFFFu, true)]
    [InlineData(0x8000_0000u, false)]
    [InlineData(0xFFFF_FFFFu, false)]
    public async Task Bgezal_links_and_branches_in_version_2_only(uint value, bool isTaken)
    {
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded2, BgezalOf8, HandmadeStep.Registers(8, value, 31, 5));
        MachineWitness ignored = KnownDifference.Advance(new MachineWitness(proof.StateData));
        MachineWitness linked = ignored.Copy().WithRegister(31, LinkAddress);
        await RequireAsync(
            proof, isTaken ? linked.With(MachineWitness.NextPcOffset, BranchTarget) : linked, ignored);
    }

    // Later releases of version 2 know bltzal; the one that its vectors were recorded from does not.
    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFF_FFFFu)]
    public async Task Bltzal_is_a_branch_never_taken_for_all(uint value)
    {
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded2, BltzalOf8, HandmadeStep.Registers(8, value, 31, 5));
        MachineWitness after = KnownDifference.Advance(new MachineWitness(proof.StateData));
        await RequireAsync(proof, after, after);
    }

    [Theory]
    [InlineData(31u, 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    [InlineData(32u, 0x8000_0000u, 0u)]
    [InlineData(33u, 0xC000_0000u, 0u)]
    [InlineData(0x8000_0001u, 0xC000_0000u, 0u)]
    public async Task Srav_by_32_or_more_is_0_on_chain(uint amount, uint engine, uint contract)
    {
        // srav $3, $2, $1
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded, 0x0022_1807, HandmadeStep.Registers(1, amount, 2, 0x8000_0000));
        MachineWitness after = KnownDifference.Advance(new MachineWitness(proof.StateData));
        await RequireAsync(
            proof, after.Copy().WithRegister(3, engine), after.Copy().WithRegister(3, contract));
    }

    [Theory]
    [InlineData(0x5FFF_F000u, 0x1000u, 0x6000_0000u, true)]
    [InlineData(0x5FFF_F000u, 0x1001u, 0x6000_1000u, false)]
    [InlineData(0x6000_0000u, 0x1000u, 0x6000_1000u, false)]
    [InlineData(0xFFFF_F000u, 0x1001u, 0x0000_1000u, false)]
    [InlineData(0x0500_0000u, 0xFFFF_FFFFu, 0x0500_0000u, false)]
    [InlineData(0x0500_0000u, 0u, 0x0500_0000u, true)]
    public async Task Mmap_beyond_the_heap_s_end_is_granted_on_chain(
        uint heap, uint size, uint heapAfter, bool isSame)
    {
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded,
            Syscall,
            image =>
            {
                HandmadeStep.Registers(2, 4090, 5, size)(image);
                image.State.Heap = heap;
            });
        MachineWitness after = KnownDifference.Advance(new MachineWitness(proof.StateData));
        MachineWitness granted = after.Copy()
            .With(MachineWitness.HeapOffset, heapAfter)
            .WithRegister(2, heap)
            .WithRegister(7, 0);
        MachineWitness refused = after.Copy().WithRegister(2, Fails).WithRegister(7, InvalidArgument);
        await RequireAsync(proof, isSame ? granted : refused, granted);
    }

    private async Task RequireAsync(StepProof proof, MachineWitness engine, MachineWitness contract)
    {
        Assert.Equal(KnownDifference.RunningHash(engine), new Bytes32(proof.PostHash));
        StepOutcome outcome = await fixture.Arena.StepAsync(HandmadeStep.Call(proof));
        Assert.Equal(KnownDifference.RunningHash(contract), outcome.PostHash);
        Assert.Equal(contract.Bytes, outcome.PostWitness.ToArray());
    }
}
