using System;
using System.Runtime.CompilerServices;

namespace Culverin.Primitives;

// Four inputs at a time where the compiler may not use 256-bit vectors although the processor has them:
// around
// a kernel that is written at run time, with the lanes brought side by side by ordinary code.
public static unsafe partial class Keccak256
{
    // SAFETY: count is 1 to 4 and the caller gives that many inputs and outputs; the block is what the kernel
    // asks for, and lanes below PairLanes and DigestLanes are inside of it.
    [SkipLocalsInit]
    internal static void HashFourByKernel(KeccakKernel kernel, byte** pairs, byte** digests, int count)
    {
        ulong* block = stackalloc ulong[KeccakKernel.BlockSizeBytes / sizeof(ulong)];
        new Span<ulong>(block, StateLanes * KeccakKernel.Width).Clear();
        for (int state = 0; state < KeccakKernel.Width; state++)
        {
            ulong* input = (ulong*)pairs[int.Min(state, count - 1)];
            for (int lane = 0; lane < PairLanes; lane++)
            {
                block[(lane * KeccakKernel.Width) + state] = input[lane];
            }

            block[(PairLanes * KeccakKernel.Width) + state] = FirstPaddingBit;
            block[((RateLanes - 1) * KeccakKernel.Width) + state] = LastPaddingBit;
        }

        fixed (ulong* constants = RoundConstants)
        {
            kernel.Permute(block, constants);
        }

        for (int state = 0; state < count; state++)
        {
            ulong* output = (ulong*)digests[state];
            for (int lane = 0; lane < DigestLanes; lane++)
            {
                output[lane] = block[(lane * KeccakKernel.Width) + state];
            }
        }
    }

    // A kernel that does not give what the scalar permutation gives is none.
    private static KeccakKernel? CreateKernel()
    {
        if (!BitConverter.IsLittleEndian || KeccakKernel.TryCreate() is not { } kernel)
        {
            return null;
        }

        const int InputsSizeBytes = KeccakKernel.Width * PairSizeBytes;
        const int DigestsSizeBytes = KeccakKernel.Width * DigestSizeBytes;
        byte* inputs = stackalloc byte[InputsSizeBytes];
        byte* digests = stackalloc byte[DigestsSizeBytes];
        byte* expected = stackalloc byte[DigestsSizeBytes];
        byte** inputPointers = stackalloc byte*[KeccakKernel.Width];
        byte** digestPointers = stackalloc byte*[KeccakKernel.Width];
        for (int index = 0; index < InputsSizeBytes; index++)
        {
            inputs[index] = (byte)(index * index);
        }

        for (int state = 0; state < KeccakKernel.Width; state++)
        {
            inputPointers[state] = inputs + (state * PairSizeBytes);
            digestPointers[state] = digests + (state * DigestSizeBytes);
            HashPairScalar(inputPointers[state], expected + (state * DigestSizeBytes));
        }

        HashFourByKernel(kernel, inputPointers, digestPointers, KeccakKernel.Width);
        return new Span<byte>(digests, DigestsSizeBytes).SequenceEqual(
            new Span<byte>(expected, DigestsSizeBytes))
                ? kernel
                : null;
    }

    // A class of its own, so that the kernel is written when it is first asked for and not before.
    private static class EmittedKernel
    {
        public static readonly KeccakKernel? Instance = CreateKernel();
    }
}
