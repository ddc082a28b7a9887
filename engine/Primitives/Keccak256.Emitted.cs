using System.Runtime.CompilerServices;

namespace Culverin.Primitives;

// Several inputs at a time where the compiler may not use wide vectors although the processor has them:
// around a kernel that is written at run time, with the lanes brought side by side by ordinary code.
public static unsafe partial class Keccak256
{
    // SAFETY: count is 1 to the kernel's width and the caller gives that many inputs and outputs; the block
    // is what the kernel asks for, and lanes below PairLanes and DigestLanes are inside of it.
    [SkipLocalsInit]
    internal static void HashByKernel(KeccakKernel kernel, byte** pairs, byte** digests, int count)
    {
        ulong* block = stackalloc ulong[kernel.BlockSizeBytes / sizeof(ulong)];
        for (int state = 0; state < kernel.Width; state++)
        {
            ulong* input = (ulong*)pairs[int.Min(state, count - 1)];
            for (int lane = 0; lane < PairLanes; lane++)
            {
                block[(lane * kernel.Width) + state] = input[lane];
            }

            block[(PairLanes * kernel.Width) + state] = FirstPaddingBit;
            block[((RateLanes - 1) * kernel.Width) + state] = LastPaddingBit;
        }

        fixed (ulong* constants = RoundConstants)
        {
            kernel.Hash(block, constants);
        }

        for (int state = 0; state < count; state++)
        {
            ulong* output = (ulong*)digests[state];
            for (int lane = 0; lane < DigestLanes; lane++)
            {
                output[lane] = block[(lane * kernel.Width) + state];
            }
        }
    }

    // A kernel that does not give what the scalar permutation gives is none.
    private static KeccakKernel? Checked(KeccakKernel? kernel)
    {
        if (!BitConverter.IsLittleEndian || kernel is null)
        {
            return null;
        }

        int inputsSizeBytes = kernel.Width * PairSizeBytes;
        int digestsSizeBytes = kernel.Width * DigestSizeBytes;
        byte* inputs = stackalloc byte[inputsSizeBytes];
        byte* digests = stackalloc byte[digestsSizeBytes];
        byte* expected = stackalloc byte[digestsSizeBytes];
        byte** inputPointers = stackalloc byte*[kernel.Width];
        byte** digestPointers = stackalloc byte*[kernel.Width];
        for (int index = 0; index < inputsSizeBytes; index++)
        {
            inputs[index] = (byte)(index * index);
        }

        for (int state = 0; state < kernel.Width; state++)
        {
            inputPointers[state] = inputs + (state * PairSizeBytes);
            digestPointers[state] = digests + (state * DigestSizeBytes);
            HashPairScalar(inputPointers[state], expected + (state * DigestSizeBytes));
        }

        HashByKernel(kernel, inputPointers, digestPointers, kernel.Width);
        return new Span<byte>(digests, digestsSizeBytes).SequenceEqual(
            new Span<byte>(expected, digestsSizeBytes))
                ? kernel
                : null;
    }

    // Classes of their own, so that a kernel is written when it is first asked for and not before.
    private static class FourWayKernel
    {
        public static readonly KeccakKernel? Instance = Checked(KeccakKernel.TryCreateFourWay());
    }

    private static class EightWayKernel
    {
        public static readonly KeccakKernel? Instance = Checked(KeccakKernel.TryCreateEightWay());
    }
}
