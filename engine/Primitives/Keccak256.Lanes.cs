using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Culverin.Primitives;

// Many independent hashes in step: element k of every vector belongs to hash k. The permutation is written
// once over "a vector of lanes", so that the four-way and the eight-way strategy differ only in their vector
// type and in how they load and store: what is tested of one holds for the other.
public static unsafe partial class Keccak256
{
    /// <summary>The steps of a round, on one lane of several Keccak states side by side.</summary>
    /// <remarks>
    /// Each member is a whole step instead of one operator: the compiler inlines only so many calls into one
    /// method, and two rounds of single operators are too many.
    /// </remarks>
    private interface ILaneSteps<TVector>
        where TVector : unmanaged
    {
        /// <summary>The same lane in every state.</summary>
        static abstract TVector Broadcast(ulong lane);

        /// <summary>Theta, first part: the exclusive or of a column's five lanes.</summary>
        static abstract TVector Parity(TVector a, TVector b, TVector c, TVector d, TVector e);

        /// <summary>
        /// Theta, second part: what a column receives from the parities of its left and right neighbours.
        /// </summary>
        static abstract TVector Effect(TVector left, TVector right);

        /// <summary>Theta's last part and rho: lane ^ effect, rotated left by a literal 1 to 63.</summary>
        static abstract TVector Rho(TVector lane, TVector effect, [ConstantExpected] byte bits);

        /// <summary>Chi on one row: e[i] = b[i] ^ (~b[i + 1] &amp; b[i + 2]).</summary>
        static abstract void Chi(
            TVector b0, TVector b1, TVector b2, TVector b3, TVector b4,
            out TVector e0, out TVector e1, out TVector e2, out TVector e3, out TVector e4);

        /// <summary>Exclusive or.</summary>
        static abstract TVector Add(TVector left, TVector right);
    }

    // Hashes as many 64-byte inputs as TVector has elements: reads PairLanes vectors at block and leaves the
    // digests in the first DigestLanes of them.
    //
    // As in the scalar form, a round reads one set of locals and writes the other.
    // SAFETY: the caller gives PairLanes readable and writable vectors; round stays below the number of
    // constants.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HashLanes<TVector, TSteps>(TVector* block)
        where TVector : unmanaged
        where TSteps : ILaneSteps<TVector>
    {
        ref ulong constants = ref MemoryMarshal.GetReference(RoundConstants);
        TVector zero = TSteps.Broadcast(0);
        TVector a0 = block[0], a1 = block[1], a2 = block[2], a3 = block[3], a4 = block[4];
        TVector a5 = block[5], a6 = block[6], a7 = block[7];
        TVector a8 = TSteps.Broadcast(FirstPaddingBit), a9 = zero;
        TVector a10 = zero, a11 = zero, a12 = zero, a13 = zero, a14 = zero;
        TVector a15 = zero, a16 = TSteps.Broadcast(LastPaddingBit), a17 = zero, a18 = zero, a19 = zero;
        TVector a20 = zero, a21 = zero, a22 = zero, a23 = zero, a24 = zero;
        TVector e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12;
        TVector e13, e14, e15, e16, e17, e18, e19, e20, e21, e22, e23, e24;
        TVector c0, c1, c2, c3, c4, d0, d1, d2, d3, d4;

        for (nint round = 0; ; round += 2)
        {
            c0 = TSteps.Parity(a0, a5, a10, a15, a20);
            c1 = TSteps.Parity(a1, a6, a11, a16, a21);
            c2 = TSteps.Parity(a2, a7, a12, a17, a22);
            c3 = TSteps.Parity(a3, a8, a13, a18, a23);
            c4 = TSteps.Parity(a4, a9, a14, a19, a24);
            d0 = TSteps.Effect(c4, c1);
            d1 = TSteps.Effect(c0, c2);
            d2 = TSteps.Effect(c1, c3);
            d3 = TSteps.Effect(c2, c4);
            d4 = TSteps.Effect(c3, c0);
            TSteps.Chi(
                TSteps.Add(a0, d0), TSteps.Rho(a6, d1, 44), TSteps.Rho(a12, d2, 43),
                TSteps.Rho(a18, d3, 21), TSteps.Rho(a24, d4, 14),
                out e0, out e1, out e2, out e3, out e4);
            e0 = TSteps.Add(e0, TSteps.Broadcast(Unsafe.Add(ref constants, round)));
            TSteps.Chi(
                TSteps.Rho(a3, d3, 28), TSteps.Rho(a9, d4, 20), TSteps.Rho(a10, d0, 3),
                TSteps.Rho(a16, d1, 45), TSteps.Rho(a22, d2, 61),
                out e5, out e6, out e7, out e8, out e9);
            TSteps.Chi(
                TSteps.Rho(a1, d1, 1), TSteps.Rho(a7, d2, 6), TSteps.Rho(a13, d3, 25),
                TSteps.Rho(a19, d4, 8), TSteps.Rho(a20, d0, 18),
                out e10, out e11, out e12, out e13, out e14);
            TSteps.Chi(
                TSteps.Rho(a4, d4, 27), TSteps.Rho(a5, d0, 36), TSteps.Rho(a11, d1, 10),
                TSteps.Rho(a17, d2, 15), TSteps.Rho(a23, d3, 56),
                out e15, out e16, out e17, out e18, out e19);
            TSteps.Chi(
                TSteps.Rho(a2, d2, 62), TSteps.Rho(a8, d3, 55), TSteps.Rho(a14, d4, 39),
                TSteps.Rho(a15, d0, 41), TSteps.Rho(a21, d1, 2),
                out e20, out e21, out e22, out e23, out e24);

            c0 = TSteps.Parity(e0, e5, e10, e15, e20);
            c1 = TSteps.Parity(e1, e6, e11, e16, e21);
            c2 = TSteps.Parity(e2, e7, e12, e17, e22);
            c3 = TSteps.Parity(e3, e8, e13, e18, e23);
            c4 = TSteps.Parity(e4, e9, e14, e19, e24);
            d0 = TSteps.Effect(c4, c1);
            d1 = TSteps.Effect(c0, c2);
            d2 = TSteps.Effect(c1, c3);
            d3 = TSteps.Effect(c2, c4);
            d4 = TSteps.Effect(c3, c0);
            TSteps.Chi(
                TSteps.Add(e0, d0), TSteps.Rho(e6, d1, 44), TSteps.Rho(e12, d2, 43),
                TSteps.Rho(e18, d3, 21), TSteps.Rho(e24, d4, 14),
                out a0, out a1, out a2, out a3, out a4);
            a0 = TSteps.Add(a0, TSteps.Broadcast(Unsafe.Add(ref constants, round + 1)));
            if (round == LastRoundPair)
            {
                break;
            }

            TSteps.Chi(
                TSteps.Rho(e3, d3, 28), TSteps.Rho(e9, d4, 20), TSteps.Rho(e10, d0, 3),
                TSteps.Rho(e16, d1, 45), TSteps.Rho(e22, d2, 61),
                out a5, out a6, out a7, out a8, out a9);
            TSteps.Chi(
                TSteps.Rho(e1, d1, 1), TSteps.Rho(e7, d2, 6), TSteps.Rho(e13, d3, 25),
                TSteps.Rho(e19, d4, 8), TSteps.Rho(e20, d0, 18),
                out a10, out a11, out a12, out a13, out a14);
            TSteps.Chi(
                TSteps.Rho(e4, d4, 27), TSteps.Rho(e5, d0, 36), TSteps.Rho(e11, d1, 10),
                TSteps.Rho(e17, d2, 15), TSteps.Rho(e23, d3, 56),
                out a15, out a16, out a17, out a18, out a19);
            TSteps.Chi(
                TSteps.Rho(e2, d2, 62), TSteps.Rho(e8, d3, 55), TSteps.Rho(e14, d4, 39),
                TSteps.Rho(e15, d0, 41), TSteps.Rho(e21, d1, 2),
                out a20, out a21, out a22, out a23, out a24);
        }

        block[0] = a0;
        block[1] = a1;
        block[2] = a2;
        block[3] = a3;
    }
}
