using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EightLanes = System.Runtime.Intrinsics.Vector512<ulong>;
using FourLanes = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Culverin.Primitives;

// Eight inputs at a time in 512-bit vectors. With 32 registers nearly the whole state stays in registers, the
// rotate is one instruction, and the compiler makes one of each three-input step of theta and chi.
//
// Except for the rotate, the text keeps to vector operations that the runtime can also carry out as two
// 256-bit halves. A machine without AVX-512 can so test everything but the machine code itself.
public static unsafe partial class Keccak256
{
    private const int EightWay = 8;

    private static bool IsEightWayCompiled =>
        Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx2.IsSupported;

    private static bool IsEightWaySupported => IsEightWayCompiled || EightWayKernel.Instance is not null;

    // SAFETY: the caller gives count readable inputs of 64 bytes and count writable outputs of 32 bytes.
    private static void HashPairsAvx512(byte** pairs, byte** digests, int count)
    {
        int i = 0;
        for (; i <= count - EightWay; i += EightWay)
        {
            if (IsEightWayCompiled)
            {
                HashEight(pairs + i, digests + i);
            }
            else
            {
                HashByKernel(EightWayKernel.Instance!, pairs + i, digests + i, EightWay);
            }
        }

        HashPairsAvx2(pairs + i, digests + i, count - i);
    }

    // Element k of a 512-bit vector is element k of its lower half for k < 4, else of its upper half: the
    // four-way loads and stores do all the transposing.
    // SAFETY: the caller gives eight inputs and eight outputs; every input is read before the first output is
    // written; the block has PairLanes vectors, that is twice as many halves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void HashEight(byte** pairs, byte** digests)
    {
        EightLanes* block = stackalloc EightLanes[PairLanes];
        FourLanes* halves = (FourLanes*)block;
        LoadFour(pairs, FourWay, halves, 2);
        LoadFour(pairs + FourWay, FourWay, halves + 1, 2);
        HashLanes<EightLanes, EightLaneSteps>(block);
        StoreFour(halves, 2, digests, FourWay);
        StoreFour(halves + 1, 2, digests + FourWay, FourWay);
    }

    private readonly struct EightLaneSteps : ILaneSteps<EightLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightLanes Broadcast(ulong lane) => Vector512.Create(lane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightLanes Parity(
            EightLanes a, EightLanes b, EightLanes c, EightLanes d, EightLanes e) =>
            a ^ b ^ c ^ d ^ e;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightLanes Effect(EightLanes left, EightLanes right) => Avx512F.IsSupported
            ? left ^ Avx512F.RotateLeft(right, 1)
            : left ^ ((right << 1) | (right >>> 63));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightLanes Rho(EightLanes lane, EightLanes effect, [ConstantExpected] byte bits)
        {
            EightLanes sum = lane ^ effect;
            return Avx512F.IsSupported
                ? Avx512F.RotateLeft(sum, bits)
                : (sum << bits) | (sum >>> (64 - bits));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Chi(
            EightLanes b0, EightLanes b1, EightLanes b2, EightLanes b3, EightLanes b4,
            out EightLanes e0, out EightLanes e1, out EightLanes e2, out EightLanes e3, out EightLanes e4)
        {
            e0 = b0 ^ Vector512.AndNot(b2, b1);
            e1 = b1 ^ Vector512.AndNot(b3, b2);
            e2 = b2 ^ Vector512.AndNot(b4, b3);
            e3 = b3 ^ Vector512.AndNot(b0, b4);
            e4 = b4 ^ Vector512.AndNot(b1, b0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightLanes Add(EightLanes left, EightLanes right) => left ^ right;
    }
}
