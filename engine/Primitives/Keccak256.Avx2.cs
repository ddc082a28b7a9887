using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FourLanes = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Culverin.Primitives;

// Four inputs at a time in 256-bit vectors. AVX2 has no 64-bit rotate: two shifts and an or, except where a
// rotation by whole bytes is one shuffle. With AVX-512VL this vector size has the rotate too, and the
// compiler merges three-input logic by itself.
public static unsafe partial class Keccak256
{
    private const int FourWay = 4;

    private static bool IsFourWaySupported => Avx2.IsSupported || FourWayKernel.Instance is not null;

    // Two or more remaining inputs are one more vector call, whose idle elements repeat the last input: that
    // costs less than two scalar hashes.
    // SAFETY: the caller gives count readable inputs of 64 bytes and count writable outputs of 32 bytes.
    private static void HashPairsAvx2(byte** pairs, byte** digests, int count)
    {
        int i = 0;
        for (; i <= count - FourWay; i += FourWay)
        {
            HashFour(pairs + i, digests + i, FourWay);
        }

        int remaining = count - i;
        if (remaining > 1)
        {
            HashFour(pairs + i, digests + i, remaining);
        }
        else
        {
            HashPairsScalar(pairs + i, digests + i, remaining);
        }
    }

    // SAFETY: count is 1 to 4 and the caller gives that many inputs and outputs; every input is read before
    // the first output is written; the block has PairLanes vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HashFour(byte** pairs, byte** digests, int count)
    {
        if (!Avx2.IsSupported)
        {
            HashByKernel(FourWayKernel.Instance!, pairs, digests, count);
            return;
        }

        FourLanes* block = stackalloc FourLanes[PairLanes];
        LoadFour(pairs, count, block, 1);
        HashLanes<FourLanes, FourLaneSteps>(block);
        StoreFour(block, 1, digests, count);
    }

    // Turns four inputs of eight lanes into eight vectors of four elements; stride is the distance between
    // these vectors, in vectors.
    // SAFETY: as HashFour; the target has room for eight vectors at that stride.
    private static void LoadFour(byte** pairs, int count, FourLanes* target, int stride)
    {
        byte* pair0 = pairs[0];
        byte* pair1 = pairs[int.Min(1, count - 1)];
        byte* pair2 = pairs[int.Min(2, count - 1)];
        byte* pair3 = pairs[count - 1];
        for (int half = 0; half < 2; half++)
        {
            int offset = half * Vector256<byte>.Count;
            FourLanes row0 = Vector256.Load(pair0 + offset).AsUInt64();
            FourLanes row1 = Vector256.Load(pair1 + offset).AsUInt64();
            FourLanes row2 = Vector256.Load(pair2 + offset).AsUInt64();
            FourLanes row3 = Vector256.Load(pair3 + offset).AsUInt64();
            Transpose(ref row0, ref row1, ref row2, ref row3);
            FourLanes* column = target + (half * FourWay * stride);
            column[0] = row0;
            column[stride] = row1;
            column[2 * stride] = row2;
            column[3 * stride] = row3;
        }
    }

    // Turns four vectors of digest lanes into four digests of 32 bytes.
    // SAFETY: as LoadFour.
    private static void StoreFour(FourLanes* source, int stride, byte** digests, int count)
    {
        FourLanes row0 = source[0];
        FourLanes row1 = source[stride];
        FourLanes row2 = source[2 * stride];
        FourLanes row3 = source[3 * stride];
        Transpose(ref row0, ref row1, ref row2, ref row3);
        row0.AsByte().Store(digests[0]);
        if (count > 1)
        {
            row1.AsByte().Store(digests[1]);
        }

        if (count > 2)
        {
            row2.AsByte().Store(digests[2]);
        }

        if (count > 3)
        {
            row3.AsByte().Store(digests[3]);
        }
    }

    // Transposes a square of four by four lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref FourLanes row0, ref FourLanes row1, ref FourLanes row2, ref FourLanes row3)
    {
        FourLanes even01 = Avx2.UnpackLow(row0, row1);
        FourLanes odd01 = Avx2.UnpackHigh(row0, row1);
        FourLanes even23 = Avx2.UnpackLow(row2, row3);
        FourLanes odd23 = Avx2.UnpackHigh(row2, row3);
        row0 = Avx2.Permute2x128(even01, even23, 0x20);
        row1 = Avx2.Permute2x128(odd01, odd23, 0x20);
        row2 = Avx2.Permute2x128(even01, even23, 0x31);
        row3 = Avx2.Permute2x128(odd01, odd23, 0x31);
    }

    private readonly struct FourLaneSteps : ILaneSteps<FourLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourLanes Broadcast(ulong lane) => Vector256.Create(lane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourLanes Parity(FourLanes a, FourLanes b, FourLanes c, FourLanes d, FourLanes e) =>
            a ^ b ^ c ^ d ^ e;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourLanes Effect(FourLanes left, FourLanes right) => Avx512F.VL.IsSupported
            ? left ^ Avx512F.VL.RotateLeft(right, 1)
            : left ^ ((right + right) | (right >>> 63));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourLanes Rho(FourLanes lane, FourLanes effect, [ConstantExpected] byte bits)
        {
            FourLanes sum = lane ^ effect;
            if (Avx512F.VL.IsSupported)
            {
                return Avx512F.VL.RotateLeft(sum, bits);
            }

            return bits switch
            {
                8 => Avx2.Shuffle(sum.AsByte(), Vector256.Create(
                    (byte)7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14,
                    7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14)).AsUInt64(),
                56 => Avx2.Shuffle(sum.AsByte(), Vector256.Create(
                    (byte)1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8,
                    1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8)).AsUInt64(),
                _ => (sum << bits) | (sum >>> (64 - bits)),
            };
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Chi(
            FourLanes b0, FourLanes b1, FourLanes b2, FourLanes b3, FourLanes b4,
            out FourLanes e0, out FourLanes e1, out FourLanes e2, out FourLanes e3, out FourLanes e4)
        {
            e0 = b0 ^ Vector256.AndNot(b2, b1);
            e1 = b1 ^ Vector256.AndNot(b3, b2);
            e2 = b2 ^ Vector256.AndNot(b4, b3);
            e3 = b3 ^ Vector256.AndNot(b0, b4);
            e4 = b4 ^ Vector256.AndNot(b1, b0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourLanes Add(FourLanes left, FourLanes right) => left ^ right;
    }
}
