using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// What MIPS 1.0.1, version 0 and version 2 each say where they are known to differ, worked out by hand; and
/// many random states around the two places where a real program could tell the contract from version 0.
/// </summary>
public sealed class MipsDifferenceTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const int StateCount = 400;
    private const ulong BadDescriptor = 9;
    private const ulong InvalidArgument = 0x16;
    private const ulong Fails = uint.MaxValue;
    private const uint SravFunction = 0x07;

    // The offset of the branches below is 4 instructions after the delay slot.
    private const uint BranchTarget = HandmadeStep.Pc + 4 + 16;
    private const uint LinkAddress = HandmadeStep.Pc + 8;
    private const uint BltzalOf8 = 0x0510_0004;
    private const uint BgezalOf8 = 0x0511_0004;

    private static readonly ulong[] SravAmounts =
        [0, 1, 31, 32, 33, 63, 64, 255, 256, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    private static readonly ulong[] Heaps =
        [0, 0x0500_0000, 0x5FFF_E000, 0x5FFF_F000, 0x6000_0000, 0x6000_1000, 0xFFFF_F000];

    private static readonly ulong[] MmapSizes =
    [
        0, 1, 0xFFF, 0x1000, 0x1001, 0x2000, 0x5AFF_F000, 0x5B00_0000, 0x5B00_0001, 0x7FFF_FFFF,
        0x8000_0000, 0xFFFF_F000, 0xFFFF_F001, 0xFFFF_FFFF,
    ];

    private readonly DeployedContract _contract = DeployedContract.Mips;

    [Fact]
    public async Task Many_shifts_differ_as_told()
    {
        Random random = new(Seed);
        Dictionary<DifferenceKind, int> differences = await CompareAsync(() =>
        {
            // Registers 0 to 3, so that they often coincide.
            uint source = (uint)random.Next(4);
            uint word = (source << 21) | ((uint)random.Next(4) << 16) | ((uint)random.Next(4) << 11)
                | ((uint)random.Next(32) << 6) | SravFunction;
            MachineImage image = HandmadeStep.Create(
                StateVersion.SingleThreaded, word, 1, Word(random), 2, Word(random), 3, Word(random));
            if (source > 0)
            {
                image.SetRegisters(source, OneOf(SravAmounts, random, 3));
            }

            return HandmadeStep.Prove(image);
        });
        Assert.InRange(differences.GetValueOrDefault(DifferenceKind.SravAmount), 50, StateCount - 50);
    }

    [Fact]
    public async Task Many_mmaps_differ_as_told()
    {
        Random random = new(Seed);
        Dictionary<DifferenceKind, int> differences = await CompareAsync(() =>
        {
            ulong hint = random.Next(8) == 0 ? Word(random) : 0;
            MachineImage image = HandmadeStep.Create(
                StateVersion.SingleThreaded, HandmadeStep.Syscall,
                2, 4090, 4, hint, 5, OneOf(MmapSizes, random, 4), 7, Word(random));
            image.SetHeap(Heaps[random.Next(Heaps.Length)]);
            return HandmadeStep.Prove(image);
        });
        Assert.InRange(differences.GetValueOrDefault(DifferenceKind.MmapEnd), 50, StateCount - 50);
    }

    [Theory]
    [InlineData(0ul, 0ul, 0ul)]
    [InlineData(1ul, 0ul, 0ul)]
    [InlineData(2ul, 0ul, 0ul)]
    [InlineData(3ul, 0ul, 0ul)]
    [InlineData(4ul, 0ul, 0ul)]
    [InlineData(5ul, 0ul, 0ul)]
    [InlineData(6ul, 0ul, 0ul)]
    [InlineData(7ul, Fails, BadDescriptor)]
    [InlineData(0xFFFF_FFFFul, Fails, BadDescriptor)]
    public async Task Fcntl_getfd_is_known_to_version_2_only(ulong descriptor, ulong result, ulong error)
    {
        StepProof proof = HandmadeStep.Prove(Fcntl(descriptor, command: 1));
        StepWitness after = _contract.WitnessOf(proof).Advance();
        await RequireAsync(
            proof,
            after.Copy().WithRegister(2, result).WithRegister(7, error),
            after.Copy().WithRegister(2, Fails).WithRegister(7, InvalidArgument));
    }

    [Theory]
    [InlineData(0ul, 0ul, 0ul)]
    [InlineData(1ul, 1ul, 0ul)]
    [InlineData(2ul, 1ul, 0ul)]
    [InlineData(3ul, 0ul, 0ul)]
    [InlineData(4ul, 1ul, 0ul)]
    [InlineData(5ul, 0ul, 0ul)]
    [InlineData(6ul, 1ul, 0ul)]
    [InlineData(7ul, Fails, BadDescriptor)]
    public async Task Fcntl_getfl_is_the_same_for_all(ulong descriptor, ulong result, ulong error)
    {
        StepProof proof = HandmadeStep.Prove(Fcntl(descriptor, command: 3));
        StepWitness after = _contract.WitnessOf(proof).Advance()
            .WithRegister(2, result)
            .WithRegister(7, error);
        await RequireAsync(proof, after, after);
    }

    [Theory]
    [InlineData(0ul, true)]
    [InlineData(0x7FFF_FFFFul, true)]
    [InlineData(0x8000_0000ul, false)]
    [InlineData(0xFFFF_FFFFul, false)]
    public async Task Bgezal_links_and_branches_in_version_2_only(ulong value, bool isTaken)
    {
        StepProof proof = HandmadeStep.Prove(
            HandmadeStep.Create(StateVersion.SingleThreaded2, BgezalOf8, 8, value, 31, 5));
        StepWitness ignored = _contract.WitnessOf(proof).Advance();
        StepWitness linked = ignored.Copy().WithRegister(31, LinkAddress);
        await RequireAsync(
            proof, isTaken ? linked.WithNextPc(BranchTarget) : linked, ignored);
    }

    // Later releases of version 2 know bltzal; the one that its vectors were recorded from does not.
    [Theory]
    [InlineData(0ul)]
    [InlineData(0xFFFF_FFFFul)]
    public async Task Bltzal_is_a_branch_never_taken_for_all(ulong value)
    {
        StepProof proof = HandmadeStep.Prove(
            HandmadeStep.Create(StateVersion.SingleThreaded2, BltzalOf8, 8, value, 31, 5));
        StepWitness after = _contract.WitnessOf(proof).Advance();
        await RequireAsync(proof, after, after);
    }

    [Theory]
    [InlineData(31ul, 0xFFFF_FFFFul, 0xFFFF_FFFFul)]
    [InlineData(32ul, 0x8000_0000ul, 0ul)]
    [InlineData(33ul, 0xC000_0000ul, 0ul)]
    [InlineData(0x8000_0001ul, 0xC000_0000ul, 0ul)]
    public async Task Srav_by_32_or_more_is_0_on_chain(ulong amount, ulong engine, ulong contract)
    {
        // srav $3, $2, $1
        StepProof proof = HandmadeStep.Prove(
            HandmadeStep.Create(StateVersion.SingleThreaded, 0x0022_1807, 1, amount, 2, 0x8000_0000));
        StepWitness after = _contract.WitnessOf(proof).Advance();
        await RequireAsync(
            proof, after.Copy().WithRegister(3, engine), after.Copy().WithRegister(3, contract));
    }

    [Theory]
    [InlineData(0x5FFF_F000ul, 0x1000ul, 0x6000_0000ul, true)]
    [InlineData(0x5FFF_F000ul, 0x1001ul, 0x6000_1000ul, false)]
    [InlineData(0x6000_0000ul, 0x1000ul, 0x6000_1000ul, false)]
    [InlineData(0xFFFF_F000ul, 0x1001ul, 0x0000_1000ul, false)]
    [InlineData(0x0500_0000ul, 0xFFFF_FFFFul, 0x0500_0000ul, false)]
    [InlineData(0x0500_0000ul, 0ul, 0x0500_0000ul, true)]
    public async Task Mmap_beyond_the_heap_s_end_is_granted_on_chain(
        ulong heap, ulong size, ulong heapAfter, bool isSame)
    {
        MachineImage image =
            HandmadeStep.Create(StateVersion.SingleThreaded, HandmadeStep.Syscall, 2, 4090, 5, size);
        image.SetHeap(heap);
        StepProof proof = HandmadeStep.Prove(image);
        StepWitness after = _contract.WitnessOf(proof).Advance();
        StepWitness granted = after.Copy()
            .WithHeap(heapAfter)
            .WithRegister(2, heap)
            .WithRegister(7, 0);
        StepWitness refused = after.Copy().WithRegister(2, Fails).WithRegister(7, InvalidArgument);
        await RequireAsync(proof, isSame ? granted : refused, granted);
    }

    private static MachineImage Fcntl(ulong descriptor, ulong command) => HandmadeStep.Create(
        StateVersion.SingleThreaded2, HandmadeStep.Syscall, 2, 4055, 4, descriptor, 5, command);

    private static ulong Word(Random random) => (ulong)random.NextInt64(1L << 32);

    // Now and then any word, else one of these.
    private static ulong OneOf(ulong[] words, Random random, int oneIn) =>
        random.Next(oneIn) == 0 ? Word(random) : words[random.Next(words.Length)];

    private async Task RequireAsync(StepProof proof, StepWitness engine, StepWitness contract)
    {
        Assert.Equal(engine.RunningHash(), new Bytes32(proof.PostHash));
        StepArena arena = await Fixture.ArenaOfAsync(_contract);
        StepOutcome outcome = await arena.StepAsync(HandmadeStep.Call(proof));
        Assert.Equal(contract.RunningHash(), outcome.PostHash);
        Assert.Equal(contract.State, outcome.PostWitness.ToArray());
    }

    private async Task<Dictionary<DifferenceKind, int>> CompareAsync(Func<StepProof> make)
    {
        List<JudgedStep> steps = [];
        for (int index = 0; index < StateCount; index++)
        {
            StepProof proof = make();
            _contract.Twin.Verify(proof);
            steps.Add(new JudgedStep(
                $"state {index}", HandmadeStep.Call(proof), Verdict.Accept(proof.PostHash)));
        }

        return await JudgeAsync(_contract, steps);
    }
}
