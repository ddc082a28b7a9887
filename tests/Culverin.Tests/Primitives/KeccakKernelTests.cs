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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void FourHashesAtOnceEqualTheScalarOnes(int count)
    {
        if (!HostProcessor.HasAvx2)
        {
            Assert.Null(KeccakKernel.TryCreateFourWay());
            return;
        }

        KeccakKernel kernel = Assert.IsType<KeccakKernel>(KeccakKernel.TryCreateFourWay());
        EqualsTheScalarHashes(kernel, count);
    }

    [Avx512Fact]
    public void EightHashesAtOnceEqualTheScalarOnes()
    {
        KeccakKernel kernel = Assert.IsType<KeccakKernel>(KeccakKernel.TryCreateEightWay());
        for (int count = 1; count <= kernel.Width; count++)
        {
            EqualsTheScalarHashes(kernel, count);
        }
    }

    // SAFETY: the pairs and digests lie one after the other in arrays that stay fixed meanwhile.
    private unsafe void EqualsTheScalarHashes(KeccakKernel kernel, int count)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] pairs = new byte[kernel.Width * Keccak256.PairSizeBytes];
        byte[] digests = new byte[kernel.Width * Keccak256.DigestSizeBytes];
        byte[] expected = new byte[digests.Length];
        byte** pairPointers = stackalloc byte*[kernel.Width];
        byte** digestPointers = stackalloc byte*[kernel.Width];
        fixed (byte* pair = pairs, digest = digests)
        {
            for (int state = 0; state < kernel.Width; state++)
            {
                pairPointers[state] = pair + (state * Keccak256.PairSizeBytes);
                digestPointers[state] = digest + (state * Keccak256.DigestSizeBytes);
            }

            for (int round = 0; round < RoundCount; round++)
            {
                random.NextBytes(pairs);
                Array.Fill(digests, Untouched);
                Array.Fill(expected, Untouched);
                Keccak256.HashByKernel(kernel, pairPointers, digestPointers, count);
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
