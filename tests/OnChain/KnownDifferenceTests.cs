using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Prove;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Many random states around the two places where a real program could tell the contract from the reference's
/// version 0: both sides say exactly what is known of them, on either side of the border.
/// </summary>
public sealed class KnownDifferenceTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int StateCount = 400;
    private const uint Syscall = 0x0000_000C;
    private const uint SravFunction = 0x07;

    private readonly Random _random = new(Seed(output));

    [Fact]
    public async Task Srav()
    {
        uint[] amounts = [0, 1, 31, 32, 33, 63, 64, 255, 256, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];
        Dictionary<DifferenceKind, int> differences = await CompareAsync(() =>
        {
            // Registers 0 to 3, so that they often coincide.
            uint source = (uint)_random.Next(4);
            uint word = (source << 21) | ((uint)_random.Next(4) << 16) | ((uint)_random.Next(4) << 11)
                | ((uint)_random.Next(32) << 6) | SravFunction;
            uint amount = _random.Next(3) == 0 ? Word() : amounts[_random.Next(amounts.Length)];
            return HandmadeStep.Prove(
                StateVersion.SingleThreaded,
                word,
                image =>
                {
                    HandmadeStep.Registers(1, Word(), 2, Word(), 3, Word())(image);
                    if (source > 0)
                    {
                        HandmadeStep.Registers(source, amount)(image);
                    }
                });
        });
        Assert.InRange(differences.GetValueOrDefault(DifferenceKind.SravAmount), 50, StateCount - 50);
    }

    [Fact]
    public async Task Mmap()
    {
        uint[] heaps = [0, 0x0500_0000, 0x5FFF_E000, 0x5FFF_F000, 0x6000_0000, 0x6000_1000, 0xFFFF_F000];
        uint[] sizes = [0, 1, 0xFFF, 0x1000, 0x1001, 0x2000, 0x5AFF_F000, 0x5B00_0000, 0x5B00_0001,
            0x7FFF_FFFF, 0x8000_0000, 0xFFFF_F000, 0xFFFF_F001, 0xFFFF_FFFF];
        Dictionary<DifferenceKind, int> differences = await CompareAsync(() =>
        {
            uint size = _random.Next(4) == 0 ? Word() : sizes[_random.Next(sizes.Length)];
            uint hint = _random.Next(8) == 0 ? Word() : 0;
            return HandmadeStep.Prove(
                StateVersion.SingleThreaded,
                Syscall,
                image =>
                {
                    HandmadeStep.Registers(2, 4090, 4, hint, 5, size, 7, Word())(image);
                    image.State.Heap = heaps[_random.Next(heaps.Length)];
                });
        });
        Assert.InRange(differences.GetValueOrDefault(DifferenceKind.MmapEnd), 50, StateCount - 50);
    }

    private static int Seed(ITestOutputHelper output)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return seed;
    }

    private uint Word() => (uint)_random.NextInt64(1L << 32);

    private async Task<Dictionary<DifferenceKind, int>> CompareAsync(Func<StepProof> make)
    {
        StepVerifier twin = new(StateVersion.SingleThreaded);
        List<JudgedStep> steps = [];
        for (int index = 0; index < StateCount; index++)
        {
            StepProof proof = make();
            twin.Verify(proof);
            steps.Add(new JudgedStep(
                $"state {index}",
                HandmadeStep.Call(proof),
                new Verdict(new Bytes32(proof.PostHash), null, TrapReason.None)));
        }

        return await new Judge(fixture.Arena, output).CompareAsync(steps);
    }
}
