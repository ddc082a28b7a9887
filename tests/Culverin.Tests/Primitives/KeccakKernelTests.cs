using System;
using Culverin.Primitives;
using Culverin.X64;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Primitives;

/// <summary>The permutation written at run time, as a portable native executable uses it.</summary>
public sealed class KeccakKernelTests(ITestOutputHelper output)
{
    private const int RoundCount = 500;
    private const byte Untouched = 0xA5;

    // SAFETY: four pairs and four digests lie one after the other in arrays that stay fixed meanwhile.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public unsafe void FourHashesAtOnceEqualTheScalarOnes(int count)
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
        byte[] pairs = new byte[KeccakKernel.Width * Keccak256.PairSizeBytes];
        byte[] digests = new byte[KeccakKernel.Width * Keccak256.DigestSizeBytes];
        byte[] expected = new byte[digests.Length];
        byte** pairPointers = stackalloc byte*[KeccakKernel.Width];
        byte** digestPointers = stackalloc byte*[KeccakKernel.Width];
        fixed (byte* pair = pairs, digest = digests)
        {
            for (int state = 0; state < KeccakKernel.Width; state++)
            {
                pairPointers[state] = pair + (state * Keccak256.PairSizeBytes);
                digestPointers[state] = digest + (state * Keccak256.DigestSizeBytes);
            }

            for (int round = 0; round < RoundCount; round++)
            {
                random.NextBytes(pairs);
                Array.Fill(digests, Untouched);
                Array.Fill(expected, Untouched);
                Keccak256.HashFourByKernel(kernel, pairPointers, digestPointers, count);
                for (int state = 0; state < count; state++)
                {
                    Keccak256.Hash(
                        pairs.AsSpan(state * Keccak256.PairSizeBytes, Keccak256.PairSizeBytes),
                        expected.AsSpan(state * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes));
                }

                Assert.Equal(expected, digests);
            }
        }
    }
}
