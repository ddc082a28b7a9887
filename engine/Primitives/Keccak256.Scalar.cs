using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static System.Numerics.BitOperations;

namespace Culverin.Primitives;

// The specification. The state is 25 lanes of 64 bits; lane (x, y) of the Keccak reference is a[x + 5y] here.
//
// A round reads one set of 25 locals and writes another, and the loop holds two rounds that swap the roles of
// the sets. Rho and pi then cost nothing but the rotations: they only decide which lane a row of chi reads.
// The general registers cannot hold 25 lanes, so most live in the stack frame; what counts is that each lane
// is stored once a round, which an in-place round does not achieve.
public static unsafe partial class Keccak256
{
    private static void HashScalar(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // SAFETY: the state has StateLanes lanes; a block has RateLanes of them, a digest DigestLanes.
        ulong* state = stackalloc ulong[StateLanes];
        new Span<ulong>(state, StateLanes).Clear();

        while (data.Length >= RateBytes)
        {
            AbsorbBlock(state, data);
            Permute(state, digestOnly: false);
            data = data[RateBytes..];
        }

        Span<byte> lastBlock = stackalloc byte[RateBytes];
        lastBlock.Clear();
        data.CopyTo(lastBlock);
        lastBlock[data.Length] = (byte)FirstPaddingBit;
        AbsorbBlock(state, lastBlock);
        state[RateLanes - 1] ^= LastPaddingBit;
        Permute(state, digestOnly: true);

        for (int i = 0; i < DigestLanes; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(i * sizeof(ulong))..], state[i]);
        }
    }

    // SAFETY: the caller gives a state of StateLanes lanes.
    private static void AbsorbBlock(ulong* state, ReadOnlySpan<byte> block)
    {
        for (int i = 0; i < RateLanes; i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * sizeof(ulong))..]);
        }
    }

    // SAFETY: the caller gives count readable inputs of 64 bytes and count writable outputs of 32 bytes.
    private static void HashPairsScalar(byte** pairs, byte** digests, int count)
    {
        for (int i = 0; i < count; i++)
        {
            HashPairScalar(pairs[i], digests[i]);
        }
    }

    // SAFETY: the caller gives 64 readable and 32 writable bytes; the state has StateLanes lanes.
    private static void HashPairScalar(byte* pair, byte* digest)
    {
        ulong* state = stackalloc ulong[StateLanes];
        for (int i = 0; i < PairLanes; i++)
        {
            state[i] = ReadLane(pair + (i * sizeof(ulong)));
        }

        // The input always has the same length, so its padding always falls on the same two lanes.
        new Span<ulong>(state + PairLanes, StateLanes - PairLanes).Clear();
        state[PairLanes] = FirstPaddingBit;
        state[RateLanes - 1] = LastPaddingBit;
        Permute(state, digestOnly: true);

        for (int i = 0; i < DigestLanes; i++)
        {
            WriteLane(digest + (i * sizeof(ulong)), state[i]);
        }
    }

    // SAFETY: the caller gives eight bytes at any alignment; a lane's first byte is its lowest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadLane(byte* source)
    {
        ulong lane = Unsafe.ReadUnaligned<ulong>(source);
        return BitConverter.IsLittleEndian ? lane : BinaryPrimitives.ReverseEndianness(lane);
    }

    // SAFETY: as ReadLane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLane(byte* target, ulong lane)
    {
        ulong bytes = BitConverter.IsLittleEndian ? lane : BinaryPrimitives.ReverseEndianness(lane);
        Unsafe.WriteUnaligned(target, bytes);
    }

    // Keccak-f[1600]. With digestOnly the last round stops after its first row, which holds the whole digest;
    // the other lanes are then not meaningful.
    // SAFETY: the caller gives a state of StateLanes lanes; round stays below the number of constants.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Permute(ulong* s, bool digestOnly)
    {
        ref ulong constants = ref MemoryMarshal.GetReference(RoundConstants);
        ulong a0 = s[0], a1 = s[1], a2 = s[2], a3 = s[3], a4 = s[4];
        ulong a5 = s[5], a6 = s[6], a7 = s[7], a8 = s[8], a9 = s[9];
        ulong a10 = s[10], a11 = s[11], a12 = s[12], a13 = s[13], a14 = s[14];
        ulong a15 = s[15], a16 = s[16], a17 = s[17], a18 = s[18], a19 = s[19];
        ulong a20 = s[20], a21 = s[21], a22 = s[22], a23 = s[23], a24 = s[24];
        ulong e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12;
        ulong e13, e14, e15, e16, e17, e18, e19, e20, e21, e22, e23, e24;
        ulong d0, d1, d2, d3, d4;

        for (nint round = 0; ; round += 2)
        {
            Theta(
                a0 ^ a5 ^ a10 ^ a15 ^ a20, a1 ^ a6 ^ a11 ^ a16 ^ a21, a2 ^ a7 ^ a12 ^ a17 ^ a22,
                a3 ^ a8 ^ a13 ^ a18 ^ a23, a4 ^ a9 ^ a14 ^ a19 ^ a24,
                out d0, out d1, out d2, out d3, out d4);
            Chi(
                a0 ^ d0, RotateLeft(a6 ^ d1, 44), RotateLeft(a12 ^ d2, 43), RotateLeft(a18 ^ d3, 21),
                RotateLeft(a24 ^ d4, 14),
                out e0, out e1, out e2, out e3, out e4);
            e0 ^= Unsafe.Add(ref constants, round);
            Chi(
                RotateLeft(a3 ^ d3, 28), RotateLeft(a9 ^ d4, 20), RotateLeft(a10 ^ d0, 3),
                RotateLeft(a16 ^ d1, 45), RotateLeft(a22 ^ d2, 61),
                out e5, out e6, out e7, out e8, out e9);
            Chi(
                RotateLeft(a1 ^ d1, 1), RotateLeft(a7 ^ d2, 6), RotateLeft(a13 ^ d3, 25),
                RotateLeft(a19 ^ d4, 8), RotateLeft(a20 ^ d0, 18),
                out e10, out e11, out e12, out e13, out e14);
            Chi(
                RotateLeft(a4 ^ d4, 27), RotateLeft(a5 ^ d0, 36), RotateLeft(a11 ^ d1, 10),
                RotateLeft(a17 ^ d2, 15), RotateLeft(a23 ^ d3, 56),
                out e15, out e16, out e17, out e18, out e19);
            Chi(
                RotateLeft(a2 ^ d2, 62), RotateLeft(a8 ^ d3, 55), RotateLeft(a14 ^ d4, 39),
                RotateLeft(a15 ^ d0, 41), RotateLeft(a21 ^ d1, 2),
                out e20, out e21, out e22, out e23, out e24);

            Theta(
                e0 ^ e5 ^ e10 ^ e15 ^ e20, e1 ^ e6 ^ e11 ^ e16 ^ e21, e2 ^ e7 ^ e12 ^ e17 ^ e22,
                e3 ^ e8 ^ e13 ^ e18 ^ e23, e4 ^ e9 ^ e14 ^ e19 ^ e24,
                out d0, out d1, out d2, out d3, out d4);
            Chi(
                e0 ^ d0, RotateLeft(e6 ^ d1, 44), RotateLeft(e12 ^ d2, 43), RotateLeft(e18 ^ d3, 21),
                RotateLeft(e24 ^ d4, 14),
                out a0, out a1, out a2, out a3, out a4);
            a0 ^= Unsafe.Add(ref constants, round + 1);
            if (round == LastRoundPair && digestOnly)
            {
                break;
            }

            Chi(
                RotateLeft(e3 ^ d3, 28), RotateLeft(e9 ^ d4, 20), RotateLeft(e10 ^ d0, 3),
                RotateLeft(e16 ^ d1, 45), RotateLeft(e22 ^ d2, 61),
                out a5, out a6, out a7, out a8, out a9);
            Chi(
                RotateLeft(e1 ^ d1, 1), RotateLeft(e7 ^ d2, 6), RotateLeft(e13 ^ d3, 25),
                RotateLeft(e19 ^ d4, 8), RotateLeft(e20 ^ d0, 18),
                out a10, out a11, out a12, out a13, out a14);
            Chi(
                RotateLeft(e4 ^ d4, 27), RotateLeft(e5 ^ d0, 36), RotateLeft(e11 ^ d1, 10),
                RotateLeft(e17 ^ d2, 15), RotateLeft(e23 ^ d3, 56),
                out a15, out a16, out a17, out a18, out a19);
            Chi(
                RotateLeft(e2 ^ d2, 62), RotateLeft(e8 ^ d3, 55), RotateLeft(e14 ^ d4, 39),
                RotateLeft(e15 ^ d0, 41), RotateLeft(e21 ^ d1, 2),
                out a20, out a21, out a22, out a23, out a24);
            if (round == LastRoundPair)
            {
                break;
            }
        }

        s[0] = a0; s[1] = a1; s[2] = a2; s[3] = a3; s[4] = a4;
        s[5] = a5; s[6] = a6; s[7] = a7; s[8] = a8; s[9] = a9;
        s[10] = a10; s[11] = a11; s[12] = a12; s[13] = a13; s[14] = a14;
        s[15] = a15; s[16] = a16; s[17] = a17; s[18] = a18; s[19] = a19;
        s[20] = a20; s[21] = a21; s[22] = a22; s[23] = a23; s[24] = a24;
    }

    // What theta adds to each column, from the parities of the five columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Theta(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong c4,
        out ulong d0, out ulong d1, out ulong d2, out ulong d3, out ulong d4)
    {
        d0 = c4 ^ RotateLeft(c1, 1);
        d1 = c0 ^ RotateLeft(c2, 1);
        d2 = c1 ^ RotateLeft(c3, 1);
        d3 = c2 ^ RotateLeft(c4, 1);
        d4 = c3 ^ RotateLeft(c0, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(
        ulong b0, ulong b1, ulong b2, ulong b3, ulong b4,
        out ulong e0, out ulong e1, out ulong e2, out ulong e3, out ulong e4)
    {
        e0 = b0 ^ (~b1 & b2);
        e1 = b1 ^ (~b2 & b3);
        e2 = b2 ^ (~b3 & b4);
        e3 = b3 ^ (~b4 & b0);
        e4 = b4 ^ (~b0 & b1);
    }
}
