using System;
using Culverin.Primitives;
using Culverin.X64;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Primitives;

/// <summary>The permutation written at run time, as a portable native executable uses it.</summary>
public sealed class KeccakKernelTests(ITestOutputHelper output)
{
    private const int RateLanes = 17;
    private const int RoundCount = 500;

    private static readonly ulong[] RoundConstants =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // SAFETY: the block is as large as the kernel says, and indices stay below 25 lanes of four states.
    [Fact]
    public unsafe void FourPermutationsAtOnceEqualTheScalarHash()
    {
        if (!HostProcessor.HasAvx2)
        {
            Assert.Null(KeccakKernel.TryCreate());
            return;
        }

        KeccakKernel kernel = Assert.IsType<KeccakKernel>(KeccakKernel.TryCreate());
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        ulong* block = stackalloc ulong[KeccakKernel.BlockSizeBytes / sizeof(ulong)];
        Span<byte> data = stackalloc byte[64];
        Span<byte> digest = stackalloc byte[32];
        fixed (ulong* constants = RoundConstants)
        {
            for (int round = 0; round < RoundCount; round++)
            {
                byte[][] inputs = new byte[KeccakKernel.Width][];
                new Span<ulong>(block, KeccakKernel.BlockSizeBytes / sizeof(ulong)).Clear();
                for (int state = 0; state < KeccakKernel.Width; state++)
                {
                    random.NextBytes(data);
                    inputs[state] = data.ToArray();
                    for (int lane = 0; lane < 8; lane++)
                    {
                        block[(lane * KeccakKernel.Width) + state] =
                            BitConverter.ToUInt64(data[(lane * sizeof(ulong))..]);
                    }

                    block[(8 * KeccakKernel.Width) + state] = 1;
                    block[((RateLanes - 1) * KeccakKernel.Width) + state] = 1UL << 63;
                }

                kernel.Permute(block, constants);
                for (int state = 0; state < KeccakKernel.Width; state++)
                {
                    Keccak256.Hash(inputs[state], digest);
                    for (int lane = 0; lane < 4; lane++)
                    {
                        Assert.Equal(
                            BitConverter.ToUInt64(digest[(lane * sizeof(ulong))..]),
                            block[(lane * KeccakKernel.Width) + state]);
                    }
                }
            }
        }
    }
}
